import assert from "node:assert/strict";
import sharp from "sharp";
import { type OpenedRun, tf } from "../../core/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { proganSrSchema } from "./config.ts";
import { proganSrExplore as explore } from "./explore.ts";
import { createProganSr, type ProganSrModel } from "./model.ts";
import { pattern } from "../../core/features/testdata/pattern.ts";

await tf.setBackend("cpu");
const [config] = resolveConfig([proganSrSchema], [
  { from: "test", values: { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 } },
]);
const model = createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
model.grow(16);
let averages = 0;
const run = {
  id: "00003-sr",
  plugin: "progan-sr",
  model,
  context: { alpha: 0.5, config, phase: { resolution: 16 } },
  withAverage<T>(fn: () => T) {
    averages++;
    return fn();
  },
} as unknown as OpenedRun<ProganSrModel>; // what explore reads

Deno.test(
  "explore enlarges a PNG as the network does, by the averaged weights, and leaves no " +
    "tensors",
  async () => {
    assert.equal(explore.controls(run).picture.side, 8);
    const pixels = Uint8Array.from(pattern(8 * 8 * 3, 9, 1), (v) => Math.round(127.5 * (v + 1)));
    const png = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } }).png().toBuffer();
    const before = tf.memory().numTensors;
    averages = 0;
    const { data, shape } = await explore.draw(run, { picture: png });
    assert.ok(averages > 0);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(shape, [1, 16, 16, 3]);
    const expected = tf.tidy(() => {
      const low = tf.tensor4d(Float32Array.from(pixels, (v) => v / 127.5 - 1), [1, 8, 8, 3]);
      return model.enlarge(low, 0.5).clipByValue(-1, 1).dataSync();
    });
    // rounded to bytes
    data.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= 1.01 / 255));
  },
);

Deno.test("explore refuses what is no picture, and one that would take long", async () => {
  await assert.rejects(explore.draw(run, { picture: new Uint8Array(9) }), /expected a picture/);
  const size = { width: 600, height: 4, channels: 3 as const };
  const png = await sharp({ create: { ...size, background: "#fff" } }).png().toBuffer();
  await assert.rejects(
    explore.draw(run, { picture: png }),
    /at most 512 px.*600×4.*deno task upscale/,
  );
  await assert.rejects(
    explore.draw({ ...run, plugin: "sketch" }, { picture: png }),
    /expected a run of plugin progan-sr/,
  );
});
