/** A tiny model and helpers for tests. */
import assert from "node:assert/strict";
import { Random, seedFor, type StepContext, tf, withSeed } from "../../core/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { type StyleganConfig, styleganSchema } from "./config.ts";
import { createStylegan, type StyleganModel } from "./model.ts";

/** Options of the smallest networks. */
export const TINY = {
  latentSize: 4,
  mappingLayers: 2,
  channelBase: 64,
  channelMax: 6,
  channelMin: 4,
};

/** A test function whose tensors are freed at its end. */
export const tidied = (fn: () => void) => () => void tf.tidy(fn);

/** Scores of images, with all that the discriminator reads of a step. */
export function scored(
  model: StyleganModel,
  images: tf.Tensor4D,
  alpha: number,
  labels?: tf.Tensor1D,
): tf.Tensor {
  return model.score(
    images,
    { alpha: tf.scalar(alpha), tensors: { labels } } as never as StepContext,
  );
}

/** A model at 4 px whose noise has an effect. */
export function modelOf(values: Partial<StyleganConfig> = {}, labelCount = 0): StyleganModel {
  const [config] = resolveConfig([styleganSchema], [
    { from: "the test", values: { ...TINY, ...values } },
  ]);
  const model = createStylegan(config, { seed: 1, startResolution: 4, channels: 3, labelCount });
  for (const { path, variable } of model.generator.variables()) {
    // it is initialized to 0, without any effect
    if (path.endsWith("noise/weight")) variable.assign(tf.ones(variable.shape));
  }
  return model;
}

/** Latents from a named random stream. */
export const latents = (stream: string, n = 4) =>
  tf.tensor2d(new Random(seedFor(1, stream)).normals(n * 4), [n, 4]);

/** Images of latents, always with the same noise. */
export function draw(
  model: StyleganModel,
  { z = latents("z"), alpha = 1, truncation = 1, labels }: {
    z?: tf.Tensor2D;
    alpha?: number;
    truncation?: number;
    labels?: tf.Tensor1D;
  } = {},
): tf.Tensor4D {
  return withSeed(
    seedFor(0, "noise"),
    () => model.generate!(z, { alpha, truncation, ...(labels ? { labels } : {}) }),
  );
}

/** The largest absolute difference. */
export function difference(a: tf.Tensor, b: tf.Tensor): number {
  assert.deepEqual(a.shape, b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

/** Asserts equality up to rounding, relative to the largest value. */
export function assertNear(actual: tf.Tensor, expected: tf.Tensor): void {
  const largest = tf.max(tf.abs(expected)).dataSync()[0]!;
  assert(largest > 0, "nothing is compared");
  const off = difference(actual, expected);
  assert(off <= 1e-5 * largest, `${off} of ${largest}`);
}

/** Moves weights away from their initialization, so that none is zero. */
export function randomize(model: StyleganModel): void {
  for (const network of [model.generator, model.discriminator]) {
    for (const { path, variable } of network.trainable()) {
      const noise = new Random(seedFor(3, path)).normals(variable.size);
      variable.assign(tf.add(variable, tf.mul(tf.tensor(noise, variable.shape), 0.3)));
    }
  }
}
