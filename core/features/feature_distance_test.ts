import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { EfficientNet } from "./efficientnet_lite0.ts";
import { efficientNetDistance, featureDistance, unitVectors } from "./feature_distance.ts";

await tf.setBackend("cpu");

const map = (...vectors: number[][]) =>
  tf.tensor4d(vectors.flat(), [1, 1, vectors.length, vectors[0]!.length]);
const unit = (...vectors: number[][]) => [unitVectors(map(...vectors))];
const near = (value: tf.Scalar, wanted: number) =>
  assert.ok(
    Math.abs(value.dataSync()[0]! - wanted) < 1e-6,
    `${value.dataSync()[0]}, not ${wanted}`,
  );

Deno.test("featureDistance() is 0 for one direction, 2 for a right angle, 4 for its opposite", () => {
  tf.tidy(() => {
    near(featureDistance(unit([1, 0]), unit([7, 0])), 0);
    near(featureDistance(unit([1, 0]), unit([0, 3])), 2);
    near(featureDistance(unit([1, 2]), unit([-2, -4])), 4);
    near(featureDistance(unit([1, 0], [1, 2]), unit([0, 3], [1, 2])), 1); // a mean over places
    near(
      featureDistance([...unit([1, 0]), ...unit([1, 0])], [...unit([0, 1]), ...unit([-1, 0])]),
      3,
    );
    near(featureDistance([], []), 0);
  });
});

Deno.test("efficientNetDistance() compares three of four stages, and its gradient is fake's", () => {
  /** Stages that are the images times 1, 2 and 3, and one that always differs. */
  const net = {
    stages: (x: tf.Tensor4D) => [x, tf.mul(x, 2), tf.mul(x, 3), tf.square(x)],
  } as unknown as EfficientNet;
  tf.tidy(() => {
    const fake = map([1, 1, 0], [0, 0, 1]), real = map([1, -1, 0], [0, 0, 2]);
    near(efficientNetDistance(net, fake, real), (2 + 0) / 2);
    // |u − v|² = 2 − 2 cos; cos decreases as fake's second component grows, and scaling has no
    // effect.
    const slope = tf.grad((x) => efficientNetDistance(net, x as tf.Tensor4D, real))(fake);
    const expected = [-Math.SQRT2 / 2 / Math.SQRT2, Math.SQRT2 / 2 / Math.SQRT2, 0, 0, 0, 0];
    for (const [i, value] of slope.dataSync().entries()) {
      assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${i}: ${value}, not ${expected[i]}`);
    }
  });
});
