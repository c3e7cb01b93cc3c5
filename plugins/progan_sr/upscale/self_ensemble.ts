import { tf } from "../../../core/mod.ts";
import type { Enlarger } from "./upscale.ts";

/** The eight ways of a square: swapped or not, then mirrored along neither, either or both axes. */
const WAYS = [false, true].flatMap((isSwapped) =>
  [[], [1], [2], [1, 2]].map((mirrored) => ({ isSwapped, mirrored }))
);

/**
 * The mean of what the network makes of a picture turned and mirrored in the eight ways of a
 * square, each turned back ("self-ensemble", Timofte et al. 2016, section 3.6; EDSR's figures with
 * it are called EDSR+). It takes eight times as long, and sees as far as the network to all sides.
 */
export function selfEnsemble(network: Enlarger): Enlarger {
  return {
    ...network,
    enlarge: (low) =>
      tf.tidy(() => {
        let sum: tf.Tensor4D | undefined;
        for (const { isSwapped, mirrored } of WAYS) {
          const before = sum;
          // what a way leaves is freed before the next
          sum = tf.tidy(() => {
            const turned = tf.reverse(isSwapped ? swapped(low) : low, mirrored);
            const high = tf.reverse(network.enlarge(turned), mirrored);
            const back = isSwapped ? swapped(high) : high;
            return before ? tf.add<tf.Tensor4D>(before, back) : back;
          });
          before?.dispose();
        }
        return tf.div<tf.Tensor4D>(sum!, WAYS.length); // of eight
      }),
  };
}

/** Rows become columns. */
function swapped(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 2, 1, 3]);
}
