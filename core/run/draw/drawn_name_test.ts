import assert from "node:assert/strict";
import type { Source } from "../latent/styled_images.ts";
import { drawnName, imageNames, namedSeeds, seedsNotInName } from "./drawn_name.ts";

const nameOf = (seeds: readonly Source[], more: Record<string, unknown> = {}) =>
  drawnName(`sample-${namedSeeds(seeds)}`, "-psi0.7-ema.png", {
    seeds: seedsNotInName(seeds),
    ...more,
  });

Deno.test("a picture of the usual options has a name without a digest", () => {
  for (
    const [seeds, name] of [
      [[7], "7"],
      [[4, 5, 6, 7], "4-7"],
      [[1, 9], "1-9x2"],
      [[9, 1], "9-1x2"],
      [["@my_cat"], "my_cat"],
    ] as const
  ) {
    assert.equal(nameOf(seeds, { labels: undefined }), `sample-${name}-psi0.7-ema.png`);
  }
});

Deno.test("other pictures have other names, and the same one has the same", () => {
  const all: [Source[], Record<string, unknown>?][] = [
    [[0, 1, 2, 3]],
    [[0, 2, 1, 3]],
    [[1, 5, 9]],
    [[1, 7, 9]],
    [["@a", "@b"]],
    [["@a-bx2"]],
    [["@a", "@c", "@b"]],
    [["@a", 1, "@b"]],
    [[0, 1, 2, 3], { labels: ["red"] }],
    [[0, 1, 2, 3], { labels: ["blue"] }],
    [[0, 1, 2, 3], { scale: 2 }],
    [[0, 1, 2, 3], { columns: 2 }],
  ];
  const names = all.map(([seeds, more]) => nameOf(seeds, more));
  assert.equal(new Set(names).size, all.length, names.join("\n"));
  assert.deepEqual(all.map(([seeds, more]) => nameOf(seeds, more)), names);
  for (const name of names) assert.match(name, /^sample-[\w-]{1,20}-psi0\.7-ema\.png$/);
});

Deno.test("a long stem is cut to what file systems take, and keeps its own name", () => {
  const long = "猫".repeat(200), name = drawnName(`mix-${long}`, "-at2.png");
  assert.match(name, /^mix-猫+-[0-9a-f]{6}-at2\.png$/);
  assert.ok(new TextEncoder().encode(`000000016-${name}`).length <= 255);
  assert.notEqual(drawnName(`mix-${long}犬`, "-at2.png"), name);
});

Deno.test("imageNames() numbers what comes again, past the names of others", () => {
  assert.deepEqual(imageNames([7, 12345, "@cat"]), ["seed0007", "seed12345", "cat"]);
  assert.deepEqual(imageNames([1, 1, 2, 1]), ["seed0001", "seed0001-2", "seed0002", "seed0001-3"]);
  assert.deepEqual(imageNames([1, "@seed0001", "@seed0001-2"]), [
    "seed0001",
    "seed0001-3",
    "seed0001-2",
  ]);
});
