import assert from "node:assert/strict";
import { type Dataset, type DatasetInfo, type HostBatch, type Session, tf } from "../core/mod.ts";
import { compareMsSsim, measureSwd } from "./measure.ts";

const RESOLUTION = 4, SIZE = RESOLUTION ** 2 * 3;

/** Image k is filled with noise of its own, on the grid of bytes. */
const image = (k: number) =>
  Float32Array.from(
    { length: SIZE },
    (_, i) => (((k * 7919 + i * 104729) * 31 % 251) / 255) * 2 - 1,
  );

/** Number of the first held-out image. */
const HELD_OUT = 100;

function dataOf(count: number): Dataset {
  return {
    info: {
      count,
      heldOutCount: count / 2,
      channels: 3,
      labels: [],
      kind: "images",
    } as unknown as DatasetInfo, // all that is read
    open: ({ batchSize, cursor, split }) => ({
      next(): Promise<HostBatch> {
        const first = cursor + (split === "held-out" ? HELD_OUT : 0);
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

/** A model that has learned images `from`, `from` + 1 … by heart. */
function sessionOf(from: number): Session {
  const model = {
    latentSize: 2,
    generate(z: tf.Tensor2D) {
      const n = z.shape[0], data = new Float32Array(n * SIZE);
      for (let i = 0; i < n; i++) data.set(image(from++), i * SIZE);
      return tf.tensor4d(data, [n, RESOLUTION, RESOLUTION, 3]);
    },
  };
  const position = () => ({ phase: { resolution: RESOLUTION }, alpha: 1, done: false });
  return { model, position } as unknown as Session; // all that is read
}

Deno.test("measureSwd() gives a model of other reals the floor, one of the same reals 0", async () => {
  // At 4 px an image is its only patch, so that no random corner comes in.
  const data = dataOf(80), options = { images: 1000, seed: 3 }; // 40 a set: half of the data
  const others = await measureSwd(sessionOf(40), data, options);
  assert.ok(others["metric/swd_floor"]! > 0);
  assert.ok(Math.abs(others["metric/swd"]! - others["metric/swd_floor"]!) < 1e-9);
  const same = await measureSwd(sessionOf(0), data, options);
  assert.equal(same["metric/swd"], 0);
});

Deno.test("measureSwd() keeps the floor of a resolution and measures the same with it", async () => {
  const data = dataOf(40), floors = new Map(), options = { images: 16, seed: 1, floors };
  const first = await measureSwd(sessionOf(7), data, options);
  assert.deepEqual([...floors.keys()], [RESOLUTION]);
  assert.deepEqual(await measureSwd(sessionOf(7), data, options), first);
  floors.get(RESOLUTION).average = -1;
  assert.equal((await measureSwd(sessionOf(7), data, options))["metric/swd_floor"], -1);
});

Deno.test("measureSwd() compares with held-out images where it shall", async () => {
  const data = dataOf(80), options = { images: 1000, seed: 3, split: "held-out" } as const;
  const learned = await measureSwd(sessionOf(HELD_OUT), data, options); // 20 a set: half of 40
  assert.equal(learned["metric/swd"], 0);
  const remembered = await measureSwd(sessionOf(0), data, options); // what was trained on
  assert.ok(remembered["metric/swd"]! > 0);
});

Deno.test("compareMsSsim() gives equal figures for equal images", async () => {
  const { fake, real, pairs } = await compareMsSsim(sessionOf(0), dataOf(20), {
    images: 10,
    seed: 0,
  });
  assert.equal(fake, real);
  assert.equal(pairs, 5);
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
  const without = { model: {}, position } as unknown as Session;
  await assert.rejects(measureSwd(without, dataOf(9), { images: 4, seed: 0 }), /latents alone/);
});
