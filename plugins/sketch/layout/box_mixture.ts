/** Mixture density of boxes (Bishop 1994, "Mixture Density Networks"). */
import { type Box, LEAST_BOX, type Random, tf } from "../../../core/mod.ts";

/** Coordinates of a box, see {@linkcode boxCoordinates}. */
export const COORDINATES = 4;

/**
 * Typical mean and standard deviation of centre x, centre y, ln width and ln height of boxes in
 * drawings. They only serve to standardize the coordinates to about N(0, 1).
 */
const MIDDLE = [0.5, 0.5, Math.log(0.25), Math.log(0.25)] as const;
const SPREAD = [0.2, 0.2, 0.8, 0.8] as const;
/** Smallest standard deviation of a component; smaller ones would only memorize boxes. */
const LEAST_SIGMA = 0.05;

/** K Gaussians with diagonal covariance for each of N sketches. */
export interface BoxMixture {
  /** Logarithms of the components' weights, [N, K]. */
  logWeights: tf.Tensor2D;
  /** Means, [N, K, 4]. */
  means: tf.Tensor3D;
  /** Standard deviations, [N, K, 4]. */
  sigmas: tf.Tensor3D;
}

/** Number of network outputs that {@linkcode boxMixture} reads. */
export function mixtureSize(components: number): number {
  return components * (1 + 2 * COORDINATES);
}

/** The mixture described by a network's output [N, mixtureSize(K)]. */
export function boxMixture(output: tf.Tensor2D, components: number): BoxMixture {
  const [logits, means, sigmas] = tf.split(
    output,
    [components, components * COORDINATES, components * COORDINATES],
    1,
  ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]; // one for each size
  const shape: [number, number, number] = [output.shape[0], components, COORDINATES];
  return {
    logWeights: tf.logSoftmax(logits),
    means: tf.reshape(means, shape),
    sigmas: tf.add<tf.Tensor3D>(tf.softplus(tf.reshape<tf.Rank.R3>(sigmas, shape)), LEAST_SIGMA),
  };
}

/**
 * Converts boxes to the density's coordinates: centre x, centre y, ln width, ln height,
 * standardized.
 * @param boxes [N, 4], centre x and y, width, height in the drawing's unit square
 */
export function boxCoordinates(boxes: tf.Tensor2D): tf.Tensor2D {
  const [centres, sizes] = tf.split(boxes, 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // 2 and 2 columns
  const raw = tf.concat([centres, tf.log(tf.maximum(sizes, LEAST_BOX))], 1);
  return tf.div<tf.Tensor2D>(tf.sub(raw, [...MIDDLE]), [...SPREAD]);
}

/**
 * Means and standard deviations of centre x, centre y, ln width and ln height, in the drawing's
 * units.
 */
export function inDrawing({ means, sigmas }: BoxMixture): Pick<BoxMixture, "means" | "sigmas"> {
  return {
    means: tf.add(tf.mul(means, [...SPREAD]), [...MIDDLE]),
    sigmas: tf.mul(sigmas, [...SPREAD]),
  };
}

/**
 * −ln p of each point, by log-sum-exp over the components.
 * @param points [N, 4], see {@linkcode boxCoordinates}
 * @returns nats, [N]
 */
export function negativeLogLikelihood(mixture: BoxMixture, points: tf.Tensor2D): tf.Tensor1D {
  const { logWeights, means, sigmas } = mixture;
  const apart = tf.div<tf.Tensor3D>(tf.sub(tf.expandDims(points, 1), means), sigmas);
  const exponents = tf.add(tf.mul(tf.square(apart), 0.5), tf.log(sigmas)); // [N, K, 4]
  const logDensities = tf.sub<tf.Tensor2D>(
    tf.neg(tf.sum(exponents, 2)),
    COORDINATES / 2 * Math.log(2 * Math.PI),
  );
  return tf.neg(tf.logSumExp(tf.add(logWeights, logDensities), 1));
}

/** One mixture on the host: K weights, 4 · K means and standard deviations. */
export interface HostMixture {
  logWeights: ArrayLike<number>;
  means: ArrayLike<number>;
  sigmas: ArrayLike<number>;
}

/**
 * Sampling temperature. The predicted density is wider than the distribution of real boxes, so that
 * at 1 parts touch what they should not.
 */
export const TEMPERATURE = 0.5;

/**
 * Samples a point: a component in proportion to its weight to the power of 1 / temperature, then a
 * normal distribution with temperature · variance (Ha and Eck 2018, "A Neural Representation of
 * Sketch Drawings", section 3.3).
 */
export function samplePoint(mixture: HostMixture, random: Random, temperature: number): number[] {
  const { logWeights, means, sigmas } = mixture, count = logWeights.length;
  const logs = Array.from(logWeights, (value) => value / temperature), most = Math.max(...logs);
  const weights = logs.map((value) => Math.exp(value - most)); // the largest is 1
  let left = random.uniform() * weights.reduce((a, b) => a + b), component = 0;
  while (component < count - 1 && (left -= weights[component]!) >= 0) component++;
  return Array.from({ length: COORDINATES }, (_, i) => {
    const at = component * COORDINATES + i; // in bounds
    return means[at]! + Math.sqrt(temperature) * sigmas[at]! * random.normal();
  });
}

/**
 * The box of a sampled point, with its centre inside the drawing and no larger than the drawing.
 */
export function boxOfPoint(point: readonly number[]): Box {
  const drawn = point.map((value, i) => value * SPREAD[i]! + MIDDLE[i]!);
  const [x, y, width, height] = drawn as [number, number, number, number]; // COORDINATES numbers
  const within = (value: number) => Math.min(1, Math.max(0, value));
  const size = (log: number) => Math.min(1, Math.max(LEAST_BOX, Math.exp(log)));
  return [within(x), within(y), size(width), size(height)];
}
