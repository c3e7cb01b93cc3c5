import assert from "node:assert/strict";
import { join } from "node:path";
import type { Dataset, OpenOptions } from "../../core/data.ts";
import { permutation, Random, seedFor } from "../../core/random.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";
import type { DatasetOptions } from "../options.ts";
import { splitByGroup } from "../split.ts";
import { imagesIn, plainPng } from "../test_images.ts";
import { PixelFile } from "./pixel_file.ts";

/** Pictures of a single grey level each, whose value identifies the sample. */
async function withGreys(
  count: number,
  test: (dataset: Dataset, folder: string) => Promise<void>,
  heldOut = 0,
): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) {
    const name = `in/${i % 2 ? "odd" : "even"}/${String(i).padStart(3, "0")}.png`;
    files[name] = await plainPng({ r: i, g: i, b: i });
  }
  await withFiles(files, async (folder) => {
    const dataset = await openDataset(imagesIn(folder, { labels: true, heldOut }));
    await test(dataset, folder);
    dataset.close();
  });
}

/** The grey values of the samples in the next `batches`. */
async function greys(
  dataset: Dataset,
  options: Partial<OpenOptions>,
  batches: number,
): Promise<number[]> {
  const loader = dataset.open({ resolution: 4, batchSize: 4, cursor: 0, seed: 5, ...options });
  const seen: number[] = [];
  for (let i = 0; i < batches; i++) {
    const { images } = await loader.next();
    const [count, , , channels] = images!.shape, size = images!.data.length / count!;
    assert.equal(channels, 3);
    for (let n = 0; n < count!; n++) seen.push(Math.round((images!.data[n * size]! + 1) * 127.5));
  }
  loader.close();
  return seen;
}

Deno.test("samples come in the order that seed and number give, epoch by epoch", async () => {
  await withGreys(10, async (dataset) => {
    // the data's order: even first, then odd
    const own = await greys(dataset, { shuffle: false }, 2);
    assert.deepEqual(own, [0, 2, 4, 6, 8, 1, 3, 5]);
    const values = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    const expected = [0, 1].flatMap((epoch) => [...permutation(10, seedFor(5, "order", epoch))]);
    assert.deepEqual(await greys(dataset, {}, 5), expected.map((i) => values[i]));
  });
});

Deno.test("a loader at a cursor goes on as one that never stopped", async () => {
  await withGreys(10, async (dataset) => {
    const whole = await greys(dataset, {}, 6);
    assert.deepEqual(await greys(dataset, { cursor: 12 }, 3), whole.slice(12));
    assert.notDeepEqual(await greys(dataset, { seed: 6 }, 6), whole);
    const batches = await greys(dataset, { batchSize: 8 }, 3);
    assert.deepEqual(batches, whole, "the batch's size does not change the order");
  });
});

Deno.test("a loader of some rows leaves the others 0, and its own as they are", async () => {
  await withGreys(10, async (dataset) => {
    const options = { resolution: 4, batchSize: 4, cursor: 3, seed: 5, flip: true };
    const [whole, own] = [dataset.open(options), dataset.open({ ...options, rows: [2, 4] })];
    const [all, part] = [(await whole.next()).images!, (await own.next()).images!];
    const half = all.data.length / 2;
    assert.deepEqual(part.shape, all.shape);
    assert.deepEqual(part.data.subarray(half), all.data.subarray(half));
    assert.deepEqual(part.data.subarray(0, half), new Float32Array(half));
    for (const loader of [whole, own]) loader.close();
  });
});

Deno.test("labels are int32 numbers of the sorted class names", async () => {
  await withGreys(10, async (dataset) => {
    assert.deepEqual(dataset.info.labels, ["even", "odd"]);
    const loader = dataset.open({ resolution: 8, batchSize: 10, cursor: 0, seed: 1 });
    const { images, labels } = await loader.next();
    loader.close();
    assert.deepEqual(images!.shape, [10, 8, 8, 3]);
    assert.ok(labels!.data instanceof Int32Array);
    for (let n = 0; n < 10; n++) {
      assert.equal(labels!.data[n], Math.round((images!.data[n * 192]! + 1) * 127.5) % 2);
    }
  });
});

Deno.test("classes stand in for labels of both parts, and are of no account for other pictures", async () => {
  await withGreys(10, async ({ info: plain }, folder) => {
    const { count, heldOutCount } = plain;
    assert.deepEqual([count, heldOutCount], [8, 2]);
    const opened = (options: Partial<DatasetOptions>) => openDataset(imagesIn(folder, options));
    const unsorted = await opened({ heldOut: 0.2 });
    const of = unsorted.info.digest, numbers = { train: "2 0 1 0 2 0 1 1", heldOut: "1 0" };
    const classes = { of, clusters: 5, ...numbers };
    const dataset = await opened({ heldOut: 0.2, classes });
    assert.deepEqual(dataset.info.labels, ["0", "1", "2"]);
    assert.deepEqual(dataset.info.classes, classes);
    const ordered = { resolution: 4, cursor: 0, seed: 5, shuffle: false };
    for (
      const [split, text] of [["train", classes.train], ["held-out", classes.heldOut]] as const
    ) {
      const numbers = text.split(" ").map(Number);
      const loader = dataset.open({ ...ordered, batchSize: numbers.length, split });
      const { labels } = await loader.next();
      assert.deepEqual([...labels!.data], numbers);
      loader.close();
    }
    assert.notEqual(dataset.info.digest, unsorted.info.digest);
    const others = await opened({ heldOut: 0.2, classes: { ...classes, of: "others'" } });
    assert.deepEqual(others.info, unsorted.info);
    const labelled = await opened({ heldOut: 0.2, classes, labels: true });
    assert.deepEqual(labelled.info.labels, ["even", "odd"]);
    for (const one of [dataset, unsorted, others, labelled]) one.close();
  }, 0.2);
});

Deno.test("flips mirror the samples that seed and number say", async () => {
  const { default: sharp } = await import("sharp");
  const pixels = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => i);
  const png = await sharp(pixels, { raw: { width: 4, height: 4, channels: 3 } }).png().toBuffer();
  await withFiles({ "in/1.png": png }, async (folder) => {
    const dataset = await openDataset(imagesIn(folder, { maxResolution: 4 }));
    const loader = dataset.open({ resolution: 4, batchSize: 1, cursor: 0, seed: 3, flip: true });
    const flipped = new Set<boolean>();
    for (let k = 0; k < 12; k++) {
      const { images } = await loader.next();
      const mirror = new Random(seedFor(3, "flip", k)).uniform() < 0.5;
      flipped.add(mirror);
      const expected = Float32Array.from(pixels, (_, i) => {
        const c = i % 3, x = Math.floor(i / 3) % 4, y = Math.floor(i / 12);
        return pixels[(y * 4 + (mirror ? 3 - x : x)) * 3 + c]! / 127.5 - 1;
      });
      assert.deepEqual(images!.data, expected);
    }
    assert.equal(flipped.size, 2);
    loader.close();
    dataset.close();
  });
});

Deno.test("held-out samples are never trained on, and the split is that of the names", async () => {
  await withGreys(20, async (dataset) => {
    assert.deepEqual([dataset.info.count, dataset.info.heldOutCount], [16, 4]);
    const train = new Set(await greys(dataset, {}, 4));
    const held = new Set(await greys(dataset, { split: "held-out" }, 1));
    assert.equal(train.size + held.size, 20);
    assert.ok([...held].every((value) => !train.has(value)));
  }, 0.2);
});

Deno.test("splitByGroup() keeps groups together and never holds out more than asked", () => {
  const groups = Array.from({ length: 100 }, (_, i) => `g${Math.floor(i / 3)}`);
  const { train, heldOut } = splitByGroup(groups, 0.1);
  assert.deepEqual([...train, ...heldOut].sort((a, b) => a - b), groups.map((_, i) => i));
  const out = new Set(heldOut.map((i) => groups[i]));
  assert.ok(train.every((i) => !out.has(groups[i])));
  assert.ok(heldOut.length > 6 && heldOut.length <= 10, `${heldOut.length}`);
  assert.deepEqual(splitByGroup(["only", "only"], 0.9).heldOut, []);
  assert.deepEqual(splitByGroup(groups, 0).heldOut, []);
});

Deno.test("positioned reads give what memory gives", async () => {
  const bytes = Uint8Array.from({ length: 60 }, (_, i) => i);
  await withFiles({ "p.u8": bytes }, async (folder) => {
    const path = join(folder, "p.u8"), rows = [5, 0, 3];
    const memory = new PixelFile(path, { rowBytes: 10, rows: 6 });
    const disk = new PixelFile(path, { rowBytes: 10, rows: 6, memoryLimit: 0 });
    const [a, b, c] = await Promise.all([memory.read(rows), disk.read(rows), disk.read([1])]);
    assert.deepEqual(a.map((row) => row[0]), [50, 0, 30]);
    assert.deepEqual(b, a.map((row) => row.slice()));
    assert.deepEqual([...c[0]!], [...bytes.subarray(10, 20)]);
    memory.close();
    disk.close();
  });
});

Deno.test("a file that is closed while it opens is closed for good", async () => {
  await withFiles({ "p.u8": new Uint8Array(60) }, async (folder) => {
    const file = new PixelFile(join(folder, "p.u8"), { rowBytes: 10, rows: 6, memoryLimit: 0 });
    const reading = file.read([0]); // the test's own watch finds what stays open
    file.close();
    await assert.rejects(reading, /received a closed one/);
    await assert.rejects(file.read([0]), /received a closed one/);
  });
});

Deno.test("a file of another length than its rows is refused", async () => {
  await withFiles({ "p.u8": new Uint8Array(60) }, async (folder) => {
    const file = new PixelFile(join(folder, "p.u8"), { rowBytes: 10, rows: 7 });
    await assert.rejects(file.read([0]), /expected 7 pictures, 70 bytes, received 60 bytes$/);
  });
});

Deno.test(
  "a cache that grows goes on where its pictures are the same, and says so where they " +
    "are others",
  async () => {
    const grey = (value: number) => plainPng({ r: value, g: value, b: value });
    const files = { "in/0.png": await grey(0), "in/1.png": await grey(100) };
    await withFiles(files, async (folder) => {
      const path = join(folder, "in", "0.png"), { mtime } = await Deno.stat(path);
      const open = (maxResolution: number) => openDataset(imagesIn(folder, { maxResolution }));
      const first = await open(8);
      await open(16);
      assert.deepEqual(await greys(first, { batchSize: 2, shuffle: false, resolution: 4 }, 1), [
        0,
        100,
      ]);
      await Deno.writeFile(path, new Uint8Array(files["in/0.png"].length)); // no picture any more
      await Deno.utime(path, mtime!, mtime!); // which its size and time don't tell
      await open(32);
      const loader = first.open({ resolution: 8, batchSize: 2, cursor: 0, seed: 1 });
      await assert.rejects(loader.next(), /received others \(1 now, 2 then\)\. .*--resume/);
      loader.close();
      first.close();
    });
  },
);

Deno.test(
  "a cache that another process renames just then is waited for, and one that stays " +
    "away is an error",
  async () => {
    await withGreys(4, async (dataset, folder) => {
      const [cache] = (await Array.fromAsync(Deno.readDir(join(folder, "cache", "datasets"))))
        .filter(({ isDirectory }) => isDirectory);
      const path = join(folder, "cache", "datasets", cache!.name);
      for (const [resolution, moved] of [[4, path], [8, join(path, "index.json")]] as const) {
        await Deno.rename(moved, `${moved}.aside`);
        const reading = greys(dataset, { resolution, shuffle: false }, 1);
        await new Promise((resolve) => setTimeout(resolve, 200));
        await Deno.rename(`${moved}.aside`, moved);
        assert.deepEqual(await reading, [0, 2, 1, 3]);
      }
      await Deno.remove(path, { recursive: true });
      const loader = dataset.open({ resolution: 4, batchSize: 4, cursor: 0, seed: 1 });
      await assert.rejects(loader.next(), /received no complete cache\. Start again; .*--resume/);
      loader.close();
    });
  },
);

Deno.test(
  "open() says what can't be: too few images, a size that is not there, a closed " +
    "loader",
  async () => {
    await withGreys(3, async (dataset) => {
      const options = { resolution: 4, batchSize: 4, cursor: 0, seed: 1 };
      assert.throws(
        () => dataset.open(options),
        /at least 4 train samples, received 3.*--batch/,
      );
      assert.throws(() => dataset.open({ ...options, resolution: 16 }), /expected one of 4, 8/);
      assert.throws(() => dataset.open({ ...options, cursor: -1 }), /cursor/);
      const loader = dataset.open({ ...options, batchSize: 2 });
      await loader.next();
      assert.ok(loader.waitedMilliseconds > 0);
      loader.close();
      loader.close();
      await assert.rejects(loader.next(), /closed/);
    });
  },
);
