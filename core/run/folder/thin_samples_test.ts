import assert from "node:assert/strict";
import type { Phase } from "../../schedule.ts";
import { readSamplePath, samplePath } from "./sample_path.ts";
import { NEWEST_KEPT, surplusSamples } from "./thin_samples.ts";

/** Paths of grids every `every` images, in phases of the given lengths. */
function growth(lengths: readonly number[], every: number): string[] {
  const paths: string[] = [];
  let begin = 0;
  lengths.forEach((length, i) => {
    const resolution = 4 * 2 ** Math.ceil(i / 2), phaseKind = i % 2 ? "fade" : "stabilize";
    for (let images = begin; images < begin + length; images += every) {
      paths.push(samplePath({ imagesSeen: images, resolution, phaseKind }));
    }
    begin += length;
  });
  return paths;
}

const imagesOf = (paths: readonly string[]) =>
  paths.map((path) => readSamplePath(path)!.imagesSeen);

function kept(paths: readonly string[], most: number): string[] {
  const surplus = new Set(surplusSamples(paths, most));
  return paths.filter((path) => !surplus.has(path));
}

/** The grids that remain when the rule is applied after each grid, as in training. */
function grown(paths: readonly string[], most: number): string[] {
  return paths.reduce<string[]>((left, path) => {
    const now = kept([...left, path], most);
    assert.ok(now.length <= most && now.at(-1) === path);
    return now;
  }, []);
}

function ends(paths: readonly string[]): string[] {
  const phases = Map.groupBy(paths, (path) => path.slice(path.indexOf("-")));
  return [...phases.values()].flatMap((of) => [of[0]!, of.at(-1)!]);
}

const LENGTHS = [200_000, 200_000, 200_000, 200_000, 200_000, 200_000, 3_000_000];

Deno.test("up to the limit nothing goes, and without one never", () => {
  const paths = growth(LENGTHS, 20_000);
  assert.deepEqual(surplusSamples(paths, paths.length), []);
  assert.deepEqual(surplusSamples(paths, 0), []);
  assert.ok(surplusSamples(paths, paths.length - 1).length > 0);
});

Deno.test(
  "what stays is bounded, with the ends of phases and the newest, at once as in " +
    "steps",
  () => {
    for (const every of [2_003, 7_777]) {
      const paths = growth(LENGTHS, every);
      for (const most of [100, 400]) {
        for (const left of [kept(paths, most), grown(paths, most)]) {
          assert.ok(left.length <= most && left.length > most / 3, `${left.length} of ${most}`);
          const there = new Set(left);
          for (const path of [...ends(paths), ...paths.slice(-NEWEST_KEPT)]) {
            assert.ok(there.has(path), path);
          }
        }
      }
    }
  },
);

Deno.test(
  "what stays of a resolution is evenly spread, and none is left with few while " +
    "another has many",
  () => {
    const paths = growth(LENGTHS, 1_000);
    for (const left of [kept(paths, 400), grown(paths, 400)]) {
      const old = left.slice(0, -100); // what came since the last thinning is denser
      const byResolution = Map.groupBy(old, (path) => readSamplePath(path)!.resolution);
      const counts = [...byResolution.values()].map((of) => of.length);
      assert.ok(Math.max(...counts) <= 6 * Math.min(...counts), String(counts));
      for (const of of byResolution.values()) {
        const images = imagesOf(of), gaps = images.slice(1).map((x, i) => x - images[i]!);
        const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1]!;
        assert.ok(gaps.every((gap) => gap <= 2 * usual), `${gaps}`);
      }
    }
  },
);

Deno.test("the order of the paths does not matter, and what was thinned stays as it is", () => {
  const paths = growth(LENGTHS, 3_000), expected = surplusSamples(paths, 200);
  let seed = 1;
  const shuffled = paths.map((path) => ({ path, at: seed = seed * 48271 % 0x7fffffff }))
    .sort((a, b) => a.at - b.at).map(({ path }) => path);
  assert.deepEqual(surplusSamples(shuffled, 200), expected);
  assert.deepEqual(surplusSamples(kept(paths, 200), 200), []);
});

Deno.test(
  "a limit below what stays in any case leaves just that; foreign files are no " +
    "grids",
  () => {
    const paths = growth(LENGTHS, 10_000),
      always = new Set([...ends(paths), ...paths.slice(-NEWEST_KEPT)]);
    assert.deepEqual(kept(paths, 1), paths.filter((path) => always.has(path)));
    const foreign = [
      "samples/notes.txt",
      "samples/12-mine.png",
      "elsewhere/000000001-0004px-fade.png",
    ];
    assert.ok(foreign.every((path) => !surplusSamples([...paths, ...foreign], 1).includes(path)));
  },
);

Deno.test("readSamplePath() reads what samplePath() wrote", () => {
  for (const phaseKind of ["fade", "stabilize"] satisfies Phase["kind"][]) {
    for (const weights of ["ema", "live"] as const) {
      for (const imagesSeen of [0, 999_999_999, 1_000_000_000]) {
        const name = { imagesSeen, resolution: 1024, phaseKind, weights, extension: "png" };
        assert.deepEqual(readSamplePath(samplePath(name)), name);
      }
    }
  }
  assert.equal(readSamplePath("samples/1-2.png"), null);
});
