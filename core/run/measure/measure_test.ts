import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { Dataset, DatasetInfo, HostBatch } from "../../data.ts";
import { swdOf } from "../../metrics/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { compareFeatures, findCopies } from "./compare_features.ts";
import { compareMsSsim } from "./compare_ms_ssim.ts";
import { compareSwd, measureSwd } from "./compare_swd.ts";
import type { FolderSamples } from "./folder_samples.ts";

const RESOLUTION = 4, SIZE = RESOLUTION ** 2 * 3;

/** Image k: its own noise, in multiples of 1/255. */
const image = (k: number) =>
  Float32Array.from(
    { length: SIZE },
    (_, i) => (((k * 7919 + i * 104729) * 31 % 251) / 255) * 2 - 1,
  );

/** Number of the first held-out image. */
const HELD_OUT = 100;

/** Added to the numbers of images read with `flip`, instead of mirroring. */
const FLIPPED = 1000;

function dataOf(count: number): Dataset {
  return {
    info: {
      count,
      heldOutCount: count / 2,
      channels: 3,
      labels: [],
      kind: "images",
    } as unknown as DatasetInfo, // all that is read
    open: ({ batchSize, cursor, split, flip }) => ({
      next(): Promise<HostBatch> {
        const first = cursor + (split === "held-out" ? HELD_OUT : 0) + (flip ? FLIPPED : 0);
        const data = new Float32Array(batchSize * SIZE);
        for (let i = 0; i < batchSize; i++) data.set(image(first + i), i * SIZE);
        cursor += batchSize;
        return Promise.resolve({ images: { data, shape: [batchSize, RESOLUTION, RESOLUTION, 3] } });
      },
      waitedMilliseconds: 0,
      close() {},
    }),
    close() {},
  };
}

/** A model that has memorized the images from number `from` on. */
function sessionOf(from: number): TrainingState {
  const model = {
    latentSize: 2,
    generate(z: tf.Tensor2D) {
      const n = z.shape[0], data = new Float32Array(n * SIZE);
      for (let i = 0; i < n; i++) data.set(image(from++), i * SIZE);
      return tf.tensor4d(data, [n, RESOLUTION, RESOLUTION, 3]);
    },
  };
  const networksAt = () => ({ phase: { resolution: RESOLUTION }, alpha: 1 });
  return { model, networksAt } as unknown as TrainingState; // all that is read
}

Deno.test(
  "measureSwd() gives a model of other reals the floor, one of the same reals " +
    "0",
  async () => {
    // At 4 px an image is its only patch, so that no random corner comes in.
    const data = dataOf(80), options = { images: 40, seed: 3 };
    const others = await measureSwd(sessionOf(40), data, options);
    assert.ok(others["metric/swd_floor"]! > 0);
    assert.ok(Math.abs(others["metric/swd"]! - others["metric/swd_floor"]!) < 1e-9);
    const same = await measureSwd(sessionOf(0), data, options);
    assert.equal(same["metric/swd"], 0);
  },
);

Deno.test(
  "compareSwd() cuts small data into halves, each with samples of its own, and takes " +
    "the mean",
  async () => {
    const data = dataOf(80), seed = 3;
    const halves = await compareSwd(sessionOf(40), data, { images: 1000, seed });
    assert.deepEqual([halves.swd.images, halves.reals], [40, 80]);
    const bytes = (first: number) => () =>
      Array.from(
        { length: 40 },
        (_, i) => Uint8Array.from(image(first + i), (x) => (x + 1) * 127.5 + 0.5),
      );
    const distance = (real: number, fake: number) =>
      swdOf({ real: bytes(real), fake: bytes(fake) }, {
        ...{ resolution: RESOLUTION, channels: 3, imagesPlanned: 40, seed },
      });
    // the model goes on with 80
    const first = await distance(0, 40), second = await distance(40, 80);
    assert.ok(Math.abs(halves.swd.average - (first.average + second.average) / 2) < 1e-9);
    // the other half, as the model's first images here
    assert.equal(halves.floor.average, first.average);
    const enough = await compareSwd(sessionOf(40), data, { images: 30, seed });
    assert.deepEqual([enough.swd.images, enough.reals], [30, 30]);
    const learned = await compareSwd(sessionOf(0), data, { images: 1000, seed }); // all 80 by heart
    assert.equal(learned.swd.average, 0);
  },
);

Deno.test("floors are of mirrored reals where a run mirrors, samples are compared as ever", async () => {
  const data = dataOf(80), options = { images: 40, seed: 3 }, mirrored = { ...options, flip: true };
  const plain = await compareSwd(sessionOf(40), data, options);
  const swd = await compareSwd(sessionOf(40), data, mirrored);
  assert.deepEqual(swd.swd, plain.swd);
  const best = await compareSwd(sessionOf(FLIPPED + 40), data, options); // draws what is mirrored
  assert.deepEqual(swd.floor.levels, best.swd.levels);
  assert.notDeepEqual(swd.floor.levels, plain.floor.levels);
  const pairs = await compareMsSsim(sessionOf(FLIPPED), data, mirrored);
  assert.equal(pairs.real, pairs.fake);
});

Deno.test(
  "measureSwd() keeps the floor of a resolution and measures the same with " +
    "it",
  async () => {
    const data = dataOf(40), floors = new Map(), options = { images: 16, seed: 1, floors };
    const first = await measureSwd(sessionOf(7), data, options);
    assert.deepEqual([...floors.keys()], [RESOLUTION]);
    assert.deepEqual(await measureSwd(sessionOf(7), data, options), first);
    floors.get(RESOLUTION).average = -1;
    assert.equal((await measureSwd(sessionOf(7), data, options))["metric/swd_floor"], -1);
  },
);

Deno.test("measureSwd() compares with held-out images where it shall", async () => {
  const data = dataOf(80), options = { images: 1000, seed: 3, split: "held-out" } as const;
  const learned = await measureSwd(sessionOf(HELD_OUT), data, options); // 20 a set: half of 40
  assert.equal(learned["metric/swd"], 0);
  const remembered = await measureSwd(sessionOf(0), data, options); // what was trained on
  assert.ok(remembered["metric/swd"]! > 0);
});

/** The images from number `from` on, as a folder's. */
const folderOf = (from: number, count: number): FolderSamples => ({
  folder: "others",
  count,
  async *batches(first, images) {
    await Promise.resolve();
    const bytes = (k: number) => Array.from(image(from + k), (x) => (x + 1) * 127.5 + 0.5);
    for (let k = first; k < first + images; k += 2) { // pairs, as MS-SSIM wants them
      yield Uint8Array.from([...bytes(k), ...(k + 1 < first + images ? bytes(k + 1) : [])]);
    }
  },
});

Deno.test("a folder's pictures get the figures of a model that draws the same", async () => {
  const data = dataOf(80), options = { images: 1000, seed: 3 };
  const drawn = await compareSwd(sessionOf(40), data, options);
  const given = await compareSwd(sessionOf(7), data, { ...options, samples: folderOf(40, 80) });
  assert.deepEqual(given, drawn);
  const features = (samples?: FolderSamples) =>
    compareFeatures(sessionOf(40), data, bytesAsFeatures, {
      ...options,
      ...(samples ? { samples } : {}),
    });
  assert.deepEqual(await features(folderOf(40, 40)), await features());
});

Deno.test("a folder of few pictures bounds every set, and halves need enough for both", async () => {
  const data = dataOf(80), seed = 3, images = 1000;
  const one = await compareSwd(sessionOf(0), data, { images, seed, samples: folderOf(0, 79) });
  assert.deepEqual([one.swd.images, one.reals, one.swd.average], [40, 40, 0]);
  const samples = folderOf(0, 9);
  const few = await compareSwd(sessionOf(0), data, { images, seed, samples });
  assert.deepEqual([few.swd.images, few.floor.images, few.reals], [9, 9, 9]);
  const pairs = await compareMsSsim(sessionOf(0), data, { images, seed, samples });
  assert.deepEqual([pairs.pairs, pairs.realPairs, pairs.fake], [4, 4, pairs.real]);
  const found = await findCopies(sessionOf(0), data, bytesAsFeatures, { images, seed, samples });
  assert.deepEqual([found.samples, found.copies], [9, 1]);
});

Deno.test("compareMsSsim() gives equal figures for equal images", async () => {
  const { fake, real, pairs } = await compareMsSsim(sessionOf(0), dataOf(20), {
    images: 10,
    seed: 0,
  });
  assert.equal(fake, real);
  assert.equal(pairs, 5);
  const few = await compareMsSsim(sessionOf(0), dataOf(20), { images: 50, seed: 0 });
  assert.deepEqual([few.pairs, few.realPairs], [25, 10]); // of all reals, each once
});

Deno.test("measureSwd() names what it lacks", async () => {
  await assert.rejects(
    measureSwd(sessionOf(0), dataOf(3), { images: 64, seed: 0 }),
    /at least 4 train images/,
  );
  await assert.rejects(
    measureSwd(sessionOf(0), dataOf(4), { images: 64, seed: 0, split: "held-out" }),
    /at least 4 held-out images to compare with, received 2/,
  );
  const { position } = sessionOf(0);
  const without = { model: {}, position } as unknown as TrainingState;
  await assert.rejects(measureSwd(without, dataOf(9), { images: 4, seed: 0 }), /latents alone/);
});

/** An extractor whose features are the image's bytes. */
const bytesAsFeatures = {
  id: "bytes",
  name: "bytes",
  length: SIZE,
  extract: (images: Uint8Array) => Promise.resolve(Float32Array.from(images, (x) => x / 255)),
  dispose() {},
};

Deno.test(
  "compareFeatures() gives a model of other reals what they get, and one of the same " +
    "reals more",
  async () => {
    const data = dataOf(80), options = { images: 40, seed: 3 };
    const others = await compareFeatures(sessionOf(40), data, bytesAsFeatures, options);
    assert.deepEqual([others.kid, others.samples], [others.kidFloor, others.reals]);
    const same = await compareFeatures(sessionOf(0), data, bytesAsFeatures, options);
    assert.deepEqual(same.kidFloor, others.kidFloor);
    assert.equal(same.samples.coverage, 1); // each real has itself in its neighbourhood
    assert.ok(same.kid.mean < others.kid.mean);
    const known = new Map();
    await compareFeatures(sessionOf(0), data, bytesAsFeatures, options, known);
    const again = await compareFeatures(sessionOf(0), data, bytesAsFeatures, options, known);
    assert.deepEqual(again, same);
  },
);

Deno.test(
  "findCopies() finds a model that repeats its training images, not one that draws " +
    "held-out ones",
  async () => {
    const data = dataOf(80), options = { images: 20, seed: 3 };
    const copied = await findCopies(sessionOf(0), data, bytesAsFeatures, options);
    assert.equal(copied.copies, 1);
    assert.equal(copied.toTrained, 0);
    assert.ok(copied.toHeldOut > 0);
    assert.deepEqual(
      copied.nearest.map(({ index }) => index),
      Array.from({ length: 20 }, (_, i) => i),
    );
    const heldOut = await findCopies(sessionOf(HELD_OUT), data, bytesAsFeatures, options);
    assert.equal(heldOut.toHeldOut, 0);
    assert.ok(heldOut.copies < 0.5);
  },
);
