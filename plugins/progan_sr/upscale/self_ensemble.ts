import { tf } from "../../../core/mod.ts";
import type { Enlarger } from "./upscale.ts";

/**
 * The eight symmetries of a square: transposed or not, then mirrored along neither, either or both
 * axes.
 */
const WAYS = [false, true].flatMap((isSwapped) =>
  [[], [1], [2], [1, 2]].map((mirrored) => ({ isSwapped, mirrored }))
);

/**
 * The mean of the network's results for the eight rotations and mirrorings of a picture, each
 * undone afterwards ("self-ensemble", Timofte et al. 2016, section 3.6; EDSR with it is called
 * EDSR+). It takes eight times as long; the receptive field is the network's, symmetric to all
 * sides.
 */
export function selfEnsemble(network: Enlarger): Enlarger {
  return {
    ...network,
    enlarge: (low) =>
      tf.tidy(() => {
        let sum: tf.Tensor4D | undefined;
        for (const { isSwapped, mirrored } of WAYS) {
          const before = sum;
          // tensors of one symmetry are freed before the next
          sum = tf.tidy(() => {
            const turned = tf.reverse(isSwapped ? swapped(low) : low, mirrored);
            const high = tf.reverse(network.enlarge(turned), mirrored);
            const back = isSwapped ? swapped(high) : high;
            return before ? tf.add<tf.Tensor4D>(before, back) : back;
          });
          before?.dispose();
        }
        return tf.div<tf.Tensor4D>(sum!, WAYS.length); // set by the eight iterations
      }),
  };
}

/** Transposes height and width. */
function swapped(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 2, 1, 3]);
}
