/** The noise that one image of a run takes, as maps that can be optimised. */
import * as tf from "@tensorflow/tfjs";
import { noiseOf } from "../../latents/seeded.ts";
import { type StepRandom, withStepRandom } from "../../random.ts";

/**
 * Largest side of a noise map that is compared with its neighbours without halving it any more, px.
 */
const SMALLEST = 8;

/**
 * Shapes of what is drawn, in the order of the draws, and its values by a seed.
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

/** Draws that are maps which are there already. */
export function mapsAsNoise(maps: readonly tf.Tensor[]): StepRandom {
  return {
    // traced before: as many draws, of those shapes
    normal: (_shape, draw) => tf.clone(maps[draw]!),
    uniform() {
      throw new TypeError(
        "Cannot draw with given noise: expected normal draws, received a uniform one",
      );
    },
  };
}

/**
 * How far maps are from white noise: squares of their means of products with the neighbour to the
 * right and below, at every size down to 8 px (Karras et al. 2020, appendix D).
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
      // Halved so that white noise keeps its variance of 1: the mean of four has a quarter of it.
      n = tf.mul(tf.avgPool(n, 2, 2, "valid"), 2);
    }
  }
  return terms.length > 0 ? tf.addN(terms) : tf.scalar(0);
}

/** Shifted by a pixel, round the edge. */
function rolled(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const [first, rest] = tf.split(x, [1, x.shape[axis] - 1], axis) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat([rest, first], axis);
}

/** Mean 0 and variance 1 for each map. */
export function normalised(map: tf.Tensor4D): tf.Tensor4D {
  const centred = tf.sub<tf.Tensor4D>(map, tf.mean(map));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred)), 1e-12)));
}
