/** The noise of one image as maps that can be optimized. */
import * as tf from "@tensorflow/tfjs";
import { noiseOf } from "../../latents/seeded.ts";
import { type StepRandom, withStepRandom } from "../../random.ts";

/** Noise maps of this size or smaller are not halved further in the penalty, px a side. */
const SMALLEST = 8;

/**
 * Records the noise that an image draws: shapes in the order of the draws, and values by a seed.
 * @param draw tensor code of one image
 */
export function tracedNoise(
  seed: number,
  draw: () => tf.Tensor,
): { shape: number[]; values: Float32Array }[] {
  const maps: { shape: number[]; values: Float32Array }[] = [];
  const random = noiseOf(seed);
  const tracing: StepRandom = {
    uniform: random.uniform,
    normal(shape, index) {
      const map = random.normal(shape, index);
      maps.push({ shape, values: map.dataSync<"float32">().slice() });
      return map;
    },
  };
  tf.tidy(() => void withStepRandom(tracing, draw));
  return maps;
}

/** Random draws that return given maps. */
export function mapsAsNoise(maps: readonly tf.Tensor[]): StepRandom {
  return {
    // maps were traced: same number and shapes
    normal: (_shape, draw) => tf.clone(maps[draw]!),
    uniform() {
      throw new TypeError(
        "Cannot draw with given noise: expected normal draws, received a uniform one",
      );
    },
  };
}

/**
 * Penalty on autocorrelation, 0 for white noise: squared means of each map's products with itself
 * shifted by a pixel right and down, at every resolution down to 8 px (Karras et al. 2020, appendix
 * D).
 * @param maps [1, h, w, 1] each
 */
export function noisePenalty(maps: readonly tf.Tensor4D[]): tf.Scalar {
  const terms: tf.Scalar[] = [];
  for (const map of maps) {
    let n = map;
    for (;;) {
      const [, height, width] = n.shape;
      for (const axis of [1, 2] as const) {
        if (n.shape[axis] < 2) continue;
        terms.push(tf.square(tf.mean<tf.Scalar>(tf.mul(n, rolled(n, axis)))));
      }
      if (Math.min(height, width) <= SMALLEST) break;
      // Times 2, so that white noise keeps variance 1: the mean of four has a quarter of it.
      n = tf.mul(tf.avgPool(n, 2, 2, "valid"), 2);
    }
  }
  return terms.length > 0 ? tf.addN(terms) : tf.scalar(0);
}

/** Shifts by a pixel, cyclically. */
function rolled(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const [first, rest] = tf.split(x, [1, x.shape[axis] - 1], axis) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat([rest, first], axis);
}

/** Normalizes a map to mean 0 and variance 1. */
export function normalized(map: tf.Tensor4D): tf.Tensor4D {
  const centred = tf.sub<tf.Tensor4D>(map, tf.mean(map));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred)), 1e-12)));
}
