import assert from "node:assert/strict";
import sharp from "sharp";
import { resizeMatrix, seedFor, tf, withSeed } from "../../../core/mod.ts";
import { resolveConfig } from "../../../core/config/mod.ts";
import { pattern } from "../../../core/features/testdata/pattern.ts";
import { type ProganSrConfig, proganSrSchema } from "../config.ts";
import { createProganSr } from "../model.ts";
import { reduce } from "../pairs.ts";
import { degrade } from "./degrade.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { jpeg } from "./jpeg.ts";

await tf.setBackend("cpu");

/** Smooth colours with some detail, 8 bits. */
function picture(width: number, height: number, channels: 1 | 3): Uint8Array {
  return tf.tidy(() => {
    const grey = tf.tensor4d(pattern(25, 5, 0.6), [1, 5, 5, 1]);
    const colour = tf.tensor4d(pattern(25 * channels, 9, 0.15), [1, 5, 5, channels]);
    const coarse = tf.add<tf.Tensor4D>(grey, colour);
    const smooth = resizeMatrix(coarse, [height, width]).dataSync();
    const detail = pattern(smooth.length, 8, 0.05);
    return Uint8Array.from(
      smooth,
      (v, i) => Math.max(0, Math.min(255, Math.round((v + detail[i]! + 1) * 127.5))),
    );
  });
}
const tensorOf = (bytes: Uint8Array, shape: [number, number, number, number]) =>
  tf.tensor4d(Float32Array.from(bytes, (v) => v / 127.5 - 1), shape);
const qualities = (...values: number[]) => tf.tensor4d(values, [values.length, 1, 1, 1]);
const levelsOf = (x: tf.Tensor) => Array.from(x.dataSync(), (v) => (v + 1) * 127.5);

for (const channels of [1, 3] as const) {
  for (const quality of [30, 60, 90]) {
    const what = `${channels === 1 ? "grey" : "colour"}, quality ${quality}`;
    Deno.test(`jpeg() leaves what libjpeg leaves: ${what}`, async () => {
      const [width, height] = [37, 26], bytes = picture(width, height, channels);
      const file = await sharp(bytes, { raw: { width, height, channels } })
        .toColourspace(channels === 1 ? "b-w" : "srgb")
        .jpeg({ quality, chromaSubsampling: "4:2:0", optimizeCoding: false }).toBuffer();
      const theirs = await sharp(file).toColourspace(channels === 1 ? "b-w" : "srgb").raw()
        .toBuffer();
      const ours = tf.tidy(() =>
        levelsOf(jpeg(tensorOf(bytes, [1, height, width, channels]), qualities(quality)))
      );
      const mean = (a: ArrayLike<number>) =>
        ours.reduce((sum, v, i) => sum + Math.abs(v - a[i]!), 0) / ours.length;
      // libjpeg uses integer arithmetic, and this picture's colours change from pixel to pixel
      assert.ok(mean(theirs) < (channels === 1 ? 0.7 : 2.7), `${mean(theirs)} levels apart`);
      assert.ok(mean(bytes) > 1.5 * mean(theirs), `${mean(bytes)} from what went in`);
    });
  }
}

Deno.test("jpeg() takes a quality for each picture, and whole blocks or not", () => {
  tf.tidy(() => {
    const one = tensorOf(picture(16, 24, 3), [1, 24, 16, 3]), two = tf.concat([one, one], 0);
    const both = jpeg(two, qualities(20, 95));
    const alone = [20, 95].map((quality) => jpeg(one, qualities(quality)));
    assert.deepEqual(both.dataSync(), tf.concat(alone, 0).dataSync());
    assert.deepEqual(jpeg(one.slice([0, 0, 0, 0], [1, 9, 11, 3]), qualities(50)).shape, [
      1,
      9,
      11,
      3,
    ]);
  });
});

Deno.test("gaussianBlur() has each picture's deviation, and 0 changes nothing", () => {
  tf.tidy(() => {
    const spot = tf.oneHot([12 * 25 + 12], 625).toFloat().reshape([1, 25, 25, 1]) as tf.Tensor4D;
    const blurred = gaussianBlur(tf.concat([spot, spot], 0), tf.tensor4d([0, 1.3], [2, 1, 1, 1]));
    const [sharp, soft] = blurred.unstack() as [tf.Tensor3D, tf.Tensor3D]; // two images
    sharp.dataSync().forEach((v, i) => assert.equal(v, i === 12 * 25 + 12 ? 1 : 0));
    const values = [...soft.dataSync()], at = (y: number, x: number) => values[y * 25 + x]!;
    assert.ok(Math.abs(values.reduce((a, b) => a + b) - 1) < 1e-5);
    // a Gaussian: ratios of neighbours
    for (const [y, x] of [[0, 1], [2, 0], [3, 2]] as const) {
      const expected = Math.exp(-(x * x + y * y) / (2 * 1.3 ** 2));
      assert.ok(Math.abs(at(12 + y, 12 + x) / at(12, 12) - expected) < 1e-5);
    }
    const flat = tf.fill<tf.Rank.R4>([1, 8, 8, 3], 0.5);
    const same = gaussianBlur(flat, tf.fill([1, 1, 1, 1], 2));
    assert.ok(tf.max(tf.abs(tf.sub(same, flat))).dataSync()[0]! < 1e-6, "mirrored at borders");
  });
});

Deno.test("degrade() repeats by its seed, differs by picture, and clean is the reduction alone", () => {
  const before = tf.memory().numTensors;
  const run = (name: "clean" | "web" | "camera", seed: number) =>
    tf.tidy(() => {
      const one = tensorOf(picture(32, 32, 3), [1, 32, 32, 3]);
      const images = tf.concat(Array.from({ length: 6 }, () => one), 0);
      const low = (x: tf.Tensor4D) => reduce(x, 2, "imresize");
      const result = withSeed(seedFor(seed, "test"), () => degrade(images, name, low));
      return { values: [...result.dataSync()], shape: result.shape, low: [...low(one).dataSync()] };
    });
  const { values, low } = run("clean", 1);
  assert.deepEqual(values, Array.from({ length: 6 }, () => low).flat());
  for (const name of ["web", "camera"] as const) {
    const { values, shape } = run(name, 1), size = 16 * 16 * 3;
    assert.deepEqual(shape, [6, 16, 16, 3]);
    assert.deepEqual(run(name, 1).values, values);
    assert.notDeepEqual(run(name, 2).values, values);
    const apart = new Set(
      Array.from({ length: 6 }, (_, i) => values.slice(i * size, (i + 1) * size).join()),
    );
    assert.ok(apart.size > 3, `${apart.size} of 6 pictures differ`);
    for (const v of values) {
      const byte = (v + 1) * 127.5;
      assert.ok(Math.abs(byte - Math.round(byte)) < 1e-3 && byte > -1e-3 && byte < 255.001);
    }
    const error = values.reduce((sum, v, i) => sum + Math.abs(v - low[i % size]!), 0) * 127.5 /
      values.length;
    assert.ok(error > 0.5 && error < 16, `${name} changes ${error} levels`);
  }
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a run that degrades measures the plain reduction, and refuses inputs below 8 px", () => {
  const modelOf = (values: Partial<ProganSrConfig>, startResolution: number) => {
    const tiny = { channels: 4, criticMin: 4, criticMax: 4, degrade: "camera" } as const;
    const [config] = resolveConfig([proganSrSchema], [{
      from: "test",
      values: { ...tiny, ...values },
    }]);
    return createProganSr(config, { seed: 1, startResolution, channels: 3 });
  };
  assert.throws(
    () => modelOf({}, 8),
    /--degrade camera from 8 px on.*received 4.*--start-resolution/,
  );
  const model = modelOf({}, 16);
  tf.tidy(() => {
    const high = tensorOf(picture(16, 16, 3), [1, 16, 16, 3]);
    assert.deepEqual(model.reduce(high).dataSync(), reduce(high, 2, "bicubic").dataSync());
    const degraded = withSeed(seedFor(1, "test"), () => model.degrade(high));
    assert.notDeepEqual(degraded.dataSync(), model.reduce(high).dataSync());
  });
});
