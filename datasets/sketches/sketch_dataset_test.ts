import assert from "node:assert/strict";
import { join } from "node:path";
import type { Dataset, HostBatch, SketchOptions } from "../../core/data.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";
import { rasterize } from "../../core/sketches/rasterize.ts";
import { sketchDataset } from "./sketch_dataset.ts";

/**
 * `count` drawings of four strokes with labels 0, 1, 1, 2, in the format of part-labelled files.
 */
function labelledFile(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const square = [[0, 200, 200, 0, 0], [0, 0, 200, 200, 0], [0, 0, 0, 0, 0]];
    const eyes = [60, 140].map((x) => [[x, x + 10], [60 + i, 60 + i], [1, 1]]);
    return JSON.stringify({
      key_id: `${i}`,
      drawing: [square, ...eyes, [[70, 130], [150, 150 - i], [2, 2]]],
    });
  }).join("\n");
}

async function withSketches(
  test: (dataset: Dataset) => Promise<void>,
  sketches: SketchOptions = {},
  heldOut = 0,
): Promise<void> {
  await withFiles({ "toy.ndjson": labelledFile(8) }, async (folder) => {
    const source = join(folder, "toy.ndjson");
    await test(
      await openDataset({
        kind: "sketches",
        source,
        maxResolution: 32,
        labels: true,
        heldOut,
        sketches,
      }),
    );
  });
}

async function batchOf(dataset: Dataset, options = {}): Promise<HostBatch> {
  const loader = dataset.open({ resolution: 16, batchSize: 4, cursor: 0, seed: 1, ...options });
  const batch = await loader.next();
  loader.close();
  return batch;
}

Deno.test("a batch has partial, part and the part's class; ink is 1 on -1", async () => {
  await withSketches(async (dataset) => {
    // the first part is never the one to draw
    assert.deepEqual(dataset.info.labels, ["toy/1", "toy/2"]);
    assert.equal(dataset.info.count, 16);
    const { partial, part, labels } = await batchOf(dataset, { shuffle: false, resolution: 32 });
    assert.deepEqual(partial!.shape, [4, 32, 32, 1]);
    assert.deepEqual([...labels!.data], [0, 1, 0, 1]);
    const ink = (data: ArrayLike<number>, n: number) =>
      Array.from({ length: 1024 }, (_, i) => i).filter((i) => data[n * 1024 + i]! > 0);
    for (let n = 0; n < 4; n++) assert.ok(ink(partial!.data, n).length > ink(part!.data, n).length);
    // The second pair's partial sketch is the first pair's partial sketch with its part.
    const eyes = new Set([...ink(partial!.data, 0), ...ink(part!.data, 0)]);
    assert.deepEqual(new Set(ink(partial!.data, 1)), eyes);
    assert.ok([...partial!.data].every((v) => v >= -1 && v <= 1));
  });
});

Deno.test("from blank paper on, the first part is drawn, too, and the last is told", async () => {
  await withSketches(async (dataset) => {
    assert.deepEqual(dataset.info.labels, ["toy/0", "toy/1", "toy/2"]);
    assert.equal(dataset.info.count, 24);
    const { partial, labels, last } = await batchOf(dataset, { shuffle: false });
    assert.deepEqual([...labels!.data], [0, 1, 2, 0]);
    assert.deepEqual([...last!.data], [0, 0, 1, 0]);
    const blank = (i: number) =>
      [...partial!.data.slice(i * 256, (i + 1) * 256)].every((value) => value === -1);
    assert.deepEqual([0, 1, 2, 3].map(blank), [true, false, false, true]);
  }, { fromBlank: true });
});

Deno.test("with boxes, partial sketch and part are crops to the frame of the part's box", async () => {
  const boxes = { boxes: true, rotate: 0, scale: 0, shift: 0 };
  await withSketches(async (dataset) => {
    const { partial, part, box, whole } = await batchOf(dataset, { shuffle: false, batchSize: 2 });
    // Of 200 units, minus the margin, 0.8 of the side: the first drawing's eyes, then its mouth.
    const at = (units: number) => 0.1 + 0.8 * units / 200,
      size = (units: number) => 0.8 * units / 200;
    const eyes = [at(105), at(60), size(90), 1 / 64], mouth = [at(100), at(150), size(60), 1 / 64];
    [...eyes, ...mouth].forEach((value, i) => assert.ok(Math.abs(box!.data[i]! - value) < 1e-6));
    // A horizontal line through the middle of a frame of 16 px, three quarters of its width.
    const row = [...part!.data.slice(256 + 8 * 16, 256 + 9 * 16)].map((ink) => ink > -0.2 ? 1 : 0);
    assert.deepEqual(row, [0, 0, ...Array(12).fill(1), 0, 0]);
    assert.deepEqual(whole!.shape, [2, 32, 32, 1]);
    const inks = (data: ArrayLike<number>) => Array.from(data).filter((ink) => ink > 0).length;
    assert.ok(inks(whole!.data.slice(1024)) > inks(whole!.data.slice(0, 1024)));
    // The top of the square is 0.24 above the eyes, on the upper edge of their frame of side 0.48.
    const top = [...partial!.data.slice(0, 16)].map((ink) => Math.abs(ink) < 1e-4);
    assert.deepEqual(top, Array(16).fill(true));
    assert.equal(inks(partial!.data.slice(16, 256)), 0);
  }, boxes);
});

Deno.test("sketchPairs() are the pairs of a split as lines, which give the batches' rasters", async () => {
  await withSketches(
    async (dataset) => {
      const pairs = dataset.sketchPairs!("held-out"), how = { resolution: 16, lineWidth: 1 };
      const { partial, part, labels } = await batchOf(dataset, {
        split: "held-out",
        shuffle: false,
      });
      assert.deepEqual(pairs.map(({ label }) => label), [...labels!.data]);
      assert.deepEqual(pairs.map(({ isLast }) => isLast), [false, true, false, true]);
      pairs.forEach(({ before, lines }, i) => {
        for (const [drawn, data] of [[before, partial], [lines, part]] as const) {
          const raster = new Float32Array(256).fill(-1);
          rasterize(drawn, raster, how);
          assert.deepEqual(raster, data!.data.slice(i * 256, (i + 1) * 256));
        }
      });
      assert.equal(dataset.sketchPairs!("train").length, dataset.info.count);
    },
    {},
    0.25,
  );
});

Deno.test("data without boxes or blank paper keeps its digest", async () => {
  const digest = async (sketches: SketchOptions) => {
    let found = "";
    await withSketches((dataset) => Promise.resolve(void (found = dataset.info.digest)), sketches);
    return found;
  };
  const plain = await digest({});
  assert.equal(await digest({ boxes: false, fromBlank: false }), plain);
  assert.notEqual(await digest({ boxes: true }), plain);
  assert.notEqual(await digest({ fromBlank: true }), plain);
});

Deno.test(
  "sketches go on at a cursor, vary by (seed, sample), and stay put where they are not " +
    "shuffled",
  async () => {
    await withSketches(async (dataset) => {
      const [a, b] = [await batchOf(dataset), await batchOf(dataset)];
      assert.deepEqual(a, b);
      const late = await batchOf(dataset, { cursor: 2, batchSize: 2 });
      assert.deepEqual(late.part!.data, a.part!.data.slice(512)); // two of four pictures of 256
      assert.notDeepEqual((await batchOf(dataset, { seed: 2 })).part!.data, a.part!.data);
    });
  },
);

Deno.test("a drawing's pairs are held out together, unvaried", async () => {
  await withSketches(
    async (dataset) => {
      assert.deepEqual([dataset.info.count, dataset.info.heldOutCount], [12, 4]);
      const held = await batchOf(dataset, { split: "held-out", shuffle: false });
      assert.deepEqual([...held.labels!.data], [0, 1, 0, 1]); // both cuts of two drawings
      const same = await batchOf(dataset, { split: "held-out", shuffle: false, seed: 9 });
      assert.deepEqual(same, held);
    },
    {},
    0.25,
  );
});

Deno.test("upright drawings are never turned while training, others are", async () => {
  const line = (y: number) => Float32Array.of(0.2, y, 0.8, y);
  const parts = [0.3, 0.7].map((y) => ({ label: "", lines: [line(y)] }));
  const drawings = ["a", "b", "c", "d"].map((path) => ({
    path,
    group: path,
    parts,
    ordered: true,
  }));
  const draws = async (upright: boolean) => {
    const dataset = sketchDataset(
      { name: "lines", source: "lines", drawings, skipped: [], upright },
      { resolutions: [16], heldOut: 0, labels: false, sketches: { scale: 0, shift: 0 } },
    );
    const { part } = await batchOf(dataset);
    dataset.close();
    return part!.data as Float32Array; // four draws of the same lines
  };
  const flat = await draws(true), turned = await draws(false);
  for (const k of [1, 2, 3]) {
    assert.deepEqual(flat.slice(k * 256, (k + 1) * 256), flat.slice(0, 256));
    assert.notDeepEqual(turned.slice(k * 256, (k + 1) * 256), turned.slice(0, 256));
  }
});
