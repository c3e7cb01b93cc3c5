/** Degrades pictures as people's own are, inside the recorded step. */
import { randomNormal, randomUniform, tf } from "../../../core/mod.ts";
import { rounded } from "../pairs.ts";
import { type DegradationName, DEGRADATIONS } from "./degradation.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { jpeg } from "./jpeg.ts";

/** The smallest degraded input, px a side: blur and JPEG blocks mirror it at its borders. */
export const SMALLEST_DEGRADED = 8;

/**
 * Blurs, reduces, adds noise and compresses; the random draws are made for each picture, from the
 * step's seed.
 * @param images [N, H, W, C] in [-1, 1]
 * @param reduce [N, H, W, C] → [N, H / scale, W / scale, C]
 * @returns the reduced pictures, quantized to 8 bits; for "clean" the result of `reduce`
 */
export function degrade(
  images: tf.Tensor4D,
  name: DegradationName,
  reduce: (images: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (name === "clean") return reduce(images);
  const degradation = DEGRADATIONS[name], [batch] = images.shape;
  /** Uniform between two bounds for a share of the pictures, `otherwise` for the rest. */
  const drawn = ([least, most]: readonly [number, number], part: number, otherwise: number) => {
    const value = randomUniform([batch, 1, 1, 1], least, most);
    return tf.where(happens(batch, part), value, tf.fill(value.shape, otherwise)) as tf.Tensor4D;
  };
  const { blur, blurred, noise, noisy, greyNoise, compressed } = degradation;
  const low = reduce(gaussianBlur(images, drawn(blur, blurred, 0)));
  const [, height, width, channels] = low.shape;
  const each = randomNormal([batch, height, width, channels]);
  const same = tf.tile(each.slice([0, 0, 0, 0], [batch, height, width, 1]), [1, 1, 1, channels]);
  const grey = tf.tile(happens(batch, greyNoise), [1, height, width, channels]);
  const levels = drawn(noise, noisy, 0);
  const noised = rounded(tf.add(low, tf.mul(tf.where(grey, same, each), tf.div(levels, 127.5))));
  const quality = drawn(degradation.jpeg, 1, 0), isPressed = happens(batch, compressed);
  const pressed = jpeg(noised, quality);
  return tf.where(tf.tile(isPressed, [1, height, width, channels]), pressed, noised);
}

/** Whether an event happens to each picture: bool [N, 1, 1, 1]. */
function happens(batch: number, part: number): tf.Tensor4D {
  return tf.less(randomUniform([batch, 1, 1, 1]), part);
}
