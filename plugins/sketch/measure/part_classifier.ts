/** A small classifier of parts, trained on real parts to judge drawn ones. */
import { createHash } from "node:crypto";
import {
  type Backend,
  createAdam,
  createParameters,
  downsampleAverage,
  equalizedConv2d,
  equalizedDense,
  leakyRelu,
  lossGradients,
  oneHot,
  type Parameters,
  Random,
  seedFor,
  type SketchPair,
  tf,
} from "../../../core/mod.ts";
import { rasterOfLines } from "../raster_of_lines.ts";

/** Classifies parts and extracts features of pictures. */
export interface PartClassifier {
  /** Side of its inputs, px. */
  readonly side: number;
  /** SHA-256 (hex) of its weights; metrics are comparable only for equal weights. */
  readonly digest: string;
  /**
   * Threads that it was trained with. Another number sums in another order and gives other weights.
   */
  readonly threads: number;
  /** @returns the likeliest class of each part [N, side, side, 1] in [-1, 1] */
  classify(parts: tf.Tensor4D): Int32Array;
  /** Its last features, averaged over quadrants: [N, 4 · 24] of pictures [N, side, side, 1]. */
  features(pictures: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** How to train the classifier. */
export interface ClassifierOptions {
  backend: Backend;
  /** Side of its inputs, px: a power of two, at least {@linkcode LEAST_SIDE}. */
  side: number;
  classes: number;
  steps: number;
  seed: number;
  onProgress?(fraction: number): void;
}

/** Channels of its convolutions. */
const WIDTH = 24;
const BATCH = 32;
/** Smallest input side, px: that of a single convolution. */
export const LEAST_SIDE = 8;
/** Largest input side, px; larger pictures are reduced. */
export const MOST_SIDE = 64;

/**
 * Trains a classifier of 3×3 convolutions and 2×2 average pooling down to 4 px and one dense layer,
 * by cross-entropy and Adam. The same pairs, seed, machine and number of threads give the same
 * weights.
 */
export async function trainPartClassifier(
  pairs: readonly SketchPair[],
  options: ClassifierOptions,
): Promise<PartClassifier> {
  const { backend, classes, steps, seed, side } = options;
  const parameters = createParameters("classifier", seed);
  const { features, logits } = network(parameters, options);
  const optimizer = createAdam(parameters.trainable(), { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
  const step = backend.compile("classifier", ({ parts, labels, rate }) => {
    const { value, gradients } = lossGradients(() => {
      const wanted = oneHot(labels as tf.Tensor1D, classes); // from the inputs below
      // likewise
      const likelihood = tf.sum(tf.mul(wanted, tf.logSoftmax(logits(parts as tf.Tensor4D))), 1);
      return tf.neg(tf.mean<tf.Scalar>(likelihood));
    }, parameters.trainable());
    optimizer.apply(gradients, rate as tf.Scalar); // likewise
    return { value };
  });
  try {
    const random = new Random(seedFor(seed, "classifier/order"));
    for (let i = 0; i < steps; i++) {
      const picked = Array.from({ length: BATCH }, () => pairs[random.integer(pairs.length)]!);
      const rasters = picked.map(({ lines }) => rasterOfLines(lines, side));
      const inputs = {
        parts: tf.tensor4d(rasters.flatMap((raster) => [...raster]), [BATCH, side, side, 1]),
        labels: tf.tensor1d(picked.map(({ label }) => label), "int32"),
        rate: tf.scalar(0.003 * (1 - i / steps)),
      };
      try {
        tf.dispose(await step.run(inputs, seedFor(seed, "classifier", i)));
      } finally {
        tf.dispose(inputs);
      }
      options.onProgress?.((i + 1) / steps);
    }
  } catch (error) {
    parameters.remove();
    throw error;
  } finally {
    step.dispose();
    optimizer.dispose();
  }
  const hash = createHash("sha256");
  for (const { path, variable } of parameters.variables()) {
    hash.update(path).update(new Uint8Array((variable.dataSync() as Float32Array).slice().buffer));
  }
  return {
    side,
    digest: hash.digest("hex"),
    threads: backend.info.threads,
    // argMax() returns int32
    classify: (parts) => tf.tidy(() => tf.argMax(logits(parts), 1).dataSync() as Int32Array),
    features: (pictures) =>
      tf.tidy(() => tf.reshape<tf.Rank.R2>(downsampleAverage(features(pictures)), [-1, 4 * WIDTH])),
    dispose: () => parameters.remove(),
  };
}

/** Reduces pictures [N, R, R, 1] to the classifier's side by averaging. */
export function reduced(pictures: tf.Tensor4D, side: number): tf.Tensor4D {
  const times = pictures.shape[1] / side;
  return times === 1 ? pictures : tf.avgPool(pictures, times, times, "valid");
}

function network(parameters: Parameters, { side, classes }: ClassifierOptions) {
  const convolutions: ((x: tf.Tensor4D) => tf.Tensor4D)[] = [];
  for (let r = side; r > 4; r /= 2) {
    convolutions.push(equalizedConv2d(parameters.scope(`${r}px`), {
      inChannels: r === side ? 1 : WIDTH,
      outChannels: WIDTH,
    }));
  }
  const dense = equalizedDense(parameters.scope("dense"), {
    inFeatures: 16 * WIDTH,
    outFeatures: classes,
    gain: 1,
  });
  /** [N, 4, 4, 24] */
  const features = (pictures: tf.Tensor4D) =>
    convolutions.reduce((y, conv) => downsampleAverage(leakyRelu(conv(y))), pictures);
  return {
    features,
    logits: (parts: tf.Tensor4D): tf.Tensor2D =>
      dense(tf.reshape(features(parts), [-1, 16 * WIDTH])),
  };
}
