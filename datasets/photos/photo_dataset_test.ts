import assert from "node:assert/strict";
import type { Dataset, OpenOptions } from "../../core/data.ts";
import { Random, seedFor } from "../../core/random.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";
import { gradientPng, imagesIn, plainPng } from "../test_images.ts";
import { copyCrop } from "./copy_crop.ts";
import { tilesOf } from "./tiles_of.ts";

/** Pictures whose red encodes the column (× 7), green the row (× 5), and blue the picture. */
async function withPhotos(
  test: (dataset: Dataset, folder: string) => Promise<void>,
  heldOut = 0,
): Promise<void> {
  const files: Record<string, Uint8Array> = {
    "in/small.png": await gradientPng(30, 7, 50), // below 8 px a side
  };
  for (let i = 0; i < 4; i++) files[`in/${i}.png`] = await gradientPng(30, 17 + i, i * 40);
  await withFiles(files, async (folder) => {
    const dataset = await openDataset(imagesIn(folder, { crops: true, heldOut }));
    try {
      await test(dataset, folder);
    } finally {
      dataset.close();
    }
  });
}

async function batches(dataset: Dataset, count: number, options: Partial<OpenOptions> = {}) {
  const loader = dataset.open({ resolution: 4, batchSize: 6, cursor: 0, seed: 5, ...options });
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push(...(await loader.next()).images!.data);
  loader.close();
  return all.map((v) => Math.round((v + 1) * 127.5));
}

Deno.test("crops are whole squares of a picture at places that seed and number give", async () => {
  await withPhotos(async (dataset) => {
    // 30 × 17 … 20 px contain 3 × 2 squares of 8 px
    assert.deepEqual([dataset.info.count, dataset.info.heldOutCount], [24, 0]);
    assert.match(dataset.info.skipped[0]!.reason, /30×7 is smaller than 8 px/);
    const values = await batches(dataset, 4), places = new Set<string>();
    for (let k = 0; k < 24; k++) {
      const at = (y: number, x: number) => values.slice(((k * 4 + y) * 4 + x) * 3).slice(0, 3);
      const [red, green, blue] = at(0, 0), left = red! / 7, top = green! / 5, number = blue! / 40;
      const random = new Random(seedFor(5, "crop", k));
      const expected = [27, 14 + number].map((places) => Math.floor(random.uniform() * places));
      assert.deepEqual([left, top], expected);
      places.add(`${left},${top}`);
      for (const [y, x] of [[0, 3], [3, 0], [2, 1]] as const) {
        assert.deepEqual(at(y, x), [(left + x) * 7, (top + y) * 5, blue]);
      }
    }
    assert.ok(places.size > 20, "at any place, not on a grid");
  });
});

Deno.test("a loader of crops at a cursor goes on as one that never stopped", async () => {
  await withPhotos(async (dataset) => {
    for (const flip of [false, true]) {
      const whole = await batches(dataset, 6, { flip }), size = 4 * 4 * 3;
      assert.deepEqual(await batches(dataset, 3, { flip, cursor: 18 }), whole.slice(18 * size));
      assert.deepEqual(await batches(dataset, 4, { flip, batchSize: 9 }), whole);
    }
    assert.notDeepEqual(await batches(dataset, 1), await batches(dataset, 1, { seed: 6 }));
  });
});

Deno.test("turned crops are the same squares in each of the eight ways", () => {
  const rows = Uint8Array.from({ length: 2 * 5 }, (_, i) => 10 * Math.floor(i / 5) + i % 5);
  const ways = Array.from({ length: 8 }, (_, turn) => {
    const out = new Float32Array(4);
    copyCrop(rows, out, { width: 5, left: 2, resolution: 2, channels: 1, turn });
    return [...out].map((v) => Math.round((v + 1) * 127.5)).join();
  });
  assert.equal(ways[0], "2,3,12,13");
  assert.equal(ways[1], "3,2,13,12");
  assert.equal(ways[2], "12,13,2,3");
  assert.equal(ways[4], "2,12,3,13");
  assert.equal(new Set(ways).size, 8);
});

Deno.test("held-out crops are the middles of other pictures, and these come whole", async () => {
  await withPhotos(async (dataset) => {
    assert.deepEqual([dataset.info.count, dataset.info.heldOutCount], [18, 6]);
    const paths: string[] = [], trained = new Set<string>();
    for await (const { path, width, height, data } of dataset.wholePictures!("held-out")) {
      paths.push(path);
      assert.deepEqual([width, height, data.length], [30, 17 + Number(path[0]), 30 * height * 3]);
      assert.deepEqual([...data.slice(-3)], [29 * 7, (height - 1) * 5, Number(path[0]) * 40]);
    }
    for await (const { path } of dataset.wholePictures!("train")) trained.add(path);
    assert.deepEqual([paths.length, trained.size, trained.has(paths[0]!)], [1, 3, false]);
    const options = { split: "held-out", batchSize: 1, shuffle: false } as const;
    const [red, green] = await batches(dataset, 1, options);
    // columns 3 … 26 form three squares: the middle one starts at 11, its middle 4 px at 13
    const top = Math.floor((17 + Number(paths[0]![0]) - 16) / 2);
    assert.equal(red, 13 * 7);
    assert.ok([top + 2, top + 10].includes(green! / 5));
  }, 0.25);
});

Deno.test("crops of folders that are the split say so, and that no picture is large enough", async () => {
  const files = {
    "in/train/1.png": await gradientPng(16),
    "in/test/2.png": await gradientPng(16, 16, 9),
  };
  await withFiles(files, async (folder) => {
    const open = (maxResolution: number) =>
      openDataset(imagesIn(folder, { crops: true, maxResolution, heldOut: 0.5 }));
    const { info, close } = await open(8);
    close();
    assert.deepEqual([info.count, info.heldOutCount], [4, 4]);
    assert.match(info.notes![0]!, /are the split.* --held-out is not used$/);
    await assert.rejects(open(32), /at least 32 px.*smaller ones alone \(2\), first test\/2\.png/);
  });
});

Deno.test("tilesOf() begins with the middle of each picture", () => {
  const tiles = tilesOf(
    [{ number: 7, width: 13, height: 5 }, { number: 2, width: 4, height: 4 }],
    4,
  );
  assert.deepEqual(tiles, [
    { number: 7, x: 4, y: 0 },
    { number: 2, x: 0, y: 0 },
    { number: 7, x: 0, y: 0 },
    { number: 7, x: 8, y: 0 },
  ]);
});

Deno.test("a picture beyond 2,048 px is reduced, and that is noted; grey files are known", async () => {
  const { default: sharp } = await import("sharp");
  const grey = await sharp(await plainPng({ r: 9, g: 9, b: 9 })).toColourspace("b-w").png()
    .toBuffer();
  const files = { "in/a.png": await plainPng({ r: 1, g: 2, b: 3 }, 4096, 20), "in/b.png": grey };
  await withFiles(files, async (folder) => {
    const dataset = await openDataset(imagesIn(folder, { crops: true }));
    const seen = [];
    for await (const { width, height, isGrey, data } of dataset.wholePictures!("train")) {
      seen.push([width, height, isGrey, ...data.slice(0, 3)]);
    }
    assert.deepEqual(seen, [[2048, 10, false, 1, 2, 3], [8, 8, true, 9, 9, 9]]);
    dataset.close();
  });
});

Deno.test("pictures that are all too small are refused", async () => {
  await withFiles({ "in/a.png": await plainPng({ r: 1, g: 2, b: 3 }, 9, 5) }, async (folder) => {
    await assert.rejects(
      openDataset(imagesIn(folder, { crops: true })),
      /at least 8 px a side, received smaller ones alone \(1\), first a\.png: 9×5.*--resolution/,
    );
  });
});

Deno.test("pictures too small for a crop are measured whole where that is asked, and give no samples", async () => {
  const files = {
    "in/a.png": await gradientPng(64, 40),
    "in/b.png": await gradientPng(33, 32),
    "in/c.png": await gradientPng(33, 31),
  };
  const seen = async (folder: string, maxResolution: number) => {
    const how = { crops: true, smallWhole: true, heldOut: 0, maxResolution };
    const dataset = await openDataset(imagesIn(folder, how));
    const { count, skipped } = dataset.info, sizes: string[] = [];
    for await (const { width, height } of dataset.wholePictures!("train")) {
      sizes.push(`${width}×${height}`);
    }
    dataset.close();
    return { count, sizes, skipped };
  };
  await withFiles(files, async (folder) => {
    const skipped = [{ path: "c.png", reason: "33×31 is smaller than 32 px" }];
    const sizes = ["64×40", "33×32"];
    assert.deepEqual(await seen(folder, 32), { count: 3, sizes, skipped });
    assert.deepEqual(await seen(folder, 64), { count: 0, sizes, skipped });
    const all = await seen(folder, 16);
    assert.deepEqual([all.sizes.length, all.skipped], [3, []]);
  });
});
