import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { pattern, patternWeights } from "./testdata/pattern.ts";
import { perceptualDistance, VGG_FEATURES, vggFeatures } from "./vgg.ts";

await tf.setBackend("cpu");
const stored: {
  every: number;
  distance: number;
  gradient: number[];
  features: Record<string, number[]>;
} = JSON.parse(
  Deno.readTextFileSync(new URL("./testdata/vgg.json", import.meta.url)), // written by make.py
);
const images = () => tf.tensor4d(pattern(2 * 4 * 5 * 3, 3, 1), [2, 4, 5, 3]);

Deno.test("vggFeatures() has PyTorch's float64 values at each place of block 1", () => {
  const weights = patternWeights();
  for (const feature of VGG_FEATURES) {
    const values = tf.tidy(() => vggFeatures(weights, images(), feature).dataSync());
    assert.equal(values.length, 2 * 4 * 5 * 64);
    const expected = stored.features[feature]!; // make.py writes each place
    assert.equal(expected.length, Math.ceil(values.length / stored.every));
    const largest = Math.max(...expected.map(Math.abs));
    expected.forEach((e, i) => {
      const difference = Math.abs(values[i * stored.every]! - e); // the lengths fit
      assert(
        difference <= 2e-6 * largest,
        `${feature} ${i}: ${values[i * stored.every]}, not ${e}`,
      );
    });
  }
});

Deno.test("vggFeatures() of a grey image are those of the same grey in colour", () => {
  tf.tidy(() => {
    const grey = tf.tensor4d(pattern(20, 5, 1), [1, 4, 5, 1]);
    const color = tf.concat([grey, grey, grey], 3);
    const weights = patternWeights();
    assert.deepEqual(
      vggFeatures(weights, grey, "relu1_2").dataSync(),
      vggFeatures(weights, color, "relu1_2").dataSync(),
    );
  });
});

Deno.test("perceptualDistance() has PyTorch's gradient by the fake, each colour its own", () => {
  const weights = patternWeights();
  const gradient = tf.tidy(() => {
    const [real, fake] = tf.split(images(), 2) as [tf.Tensor4D, tf.Tensor4D];
    const distance = (fake: tf.Tensor4D) => perceptualDistance(weights, fake, real, "relu1_2");
    return tf.grad((x) => distance(x as tf.Tensor4D))(fake).dataSync();
  });
  const largest = Math.max(...stored.gradient.map(Math.abs));
  assert.equal(gradient.length, stored.gradient.length);
  stored.gradient.forEach((e, i) => {
    assert(Math.abs(gradient[i]! - e) < 1e-4 * largest, `${i}: ${gradient[i]}, not ${e}`);
  });
});

Deno.test(
  "perceptualDistance() has PyTorch's value, and is the same for weights that were " +
    "rescaled",
  () => {
    const weights = patternWeights();
    const half = {
      ...weights,
      "block1_conv2.kernel": weights["block1_conv2.kernel"].map((w) => w / 2),
      "block1_conv2.bias": weights["block1_conv2.bias"].map((w) => w / 2),
    };
    tf.tidy(() => {
      const [real, fake] = tf.split(images(), 2) as [tf.Tensor4D, tf.Tensor4D];
      const distance = perceptualDistance(weights, fake, real, "relu1_2").dataSync()[0]!;
      assert(Math.abs(distance - stored.distance) < 1e-5 * stored.distance);
      const rescaled = perceptualDistance(half, fake, real, "relu1_2").dataSync()[0]!;
      assert(Math.abs(rescaled - distance) < 1e-6);
      assert.equal(perceptualDistance(weights, real, real, "conv1_1").dataSync()[0], 0);
    });
  },
);
