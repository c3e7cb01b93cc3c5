/**
 * DiffAugment (Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training"):
 * colour jitter, translation and cutout on every image that the discriminator sees, real or
 * generated.
 */
import { definePlugin, field, object, randomUniform, tf } from "../../core/mod.ts";
import { onColours } from "./on_colours.ts";

/** Brightness ± 0.5, saturation 0 … 2, contrast 0.5 … 1.5. */
export function jitterColour(images: tf.Tensor4D): tf.Tensor4D {
  const each = (from: number, to: number) => randomUniform([images.shape[0], 1, 1, 1], from, to);
  /** Scales the values' deviations from a mean. */
  const spread = (x: tf.Tensor4D, mean: tf.Tensor, factor: tf.Tensor4D) =>
    tf.add<tf.Tensor4D>(tf.mul(tf.sub(x, mean), factor), mean);
  return onColours(images, (x, opacity) => {
    const change = each(-0.5, 0.5);
    const bright = tf.add<tf.Tensor4D>(x, opacity ? tf.mul(change, opacity) : change);
    const saturated = spread(bright, tf.mean(bright, 3, true), each(0, 2));
    const mean = tf.mean(saturated, [1, 2, 3], true);
    if (!opacity) return spread(saturated, mean, each(0.5, 1.5));
    // mean opacity: the share of the image that is covered
    const share = tf.add(tf.mean(opacity, [1, 2, 3], true), 1e-6);
    return spread(saturated, tf.mul(tf.div(mean, share), opacity), each(0.5, 1.5));
  });
}

/**
 * Applies a change that maps 0 to 0. Images with opacity are shifted first, so that 0 means
 * transparent instead of mid-grey.
 */
function fromNothing(
  images: tf.Tensor4D,
  change: (images: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (images.shape[3] !== 4) return change(images);
  return tf.sub(change(tf.add(images, 1)), 1);
}

/**
 * Translates by whole pixels, up to `share` of a side; what comes in from outside is mid-grey, or
 * transparent where there is opacity.
 */
export function translate(images: tf.Tensor4D, share = 1 / 8): tf.Tensor4D {
  return fromNothing(images, (x) => moved(x, share));
}

function moved(images: tf.Tensor4D, share: number): tf.Tensor4D {
  const [n, side] = images.shape, most = Math.round(side * share);
  /**
   * Selection matrices [N, R, R]: row i selects pixel i + shift, or none if that is out of bounds.
   */
  const picks = () => {
    const shift = tf.floor(randomUniform([n, 1], -most, most + 1));
    return tf.oneHot(tf.add(tf.range(0, side), shift).toInt(), side).toFloat();
  };
  /** Shifts the rows and transposes, so that applying it twice shifts rows and columns. */
  const moveAndTurn = (x: tf.Tensor4D) => {
    const rows = tf.matMul(picks(), tf.reshape(x, [n, side, -1]));
    return tf.transpose<tf.Tensor4D>(tf.reshape<tf.Rank.R4>(rows, images.shape), [0, 2, 1, 3]);
  };
  return moveAndTurn(moveAndTurn(images));
}

/** Cuts out a square of `share` of a side, at a random place; it may extend beyond the border. */
export function cutOut(images: tf.Tensor4D, share = 1 / 2): tf.Tensor4D {
  const [n, side] = images.shape, reach = side * share / 2;
  const near = () => {
    const centre = tf.floor(randomUniform([n, 1], 0, side + 1));
    // [N, R]
    return tf.less(tf.abs(tf.sub(tf.add(tf.range(0, side), 0.5), centre)), reach).toFloat();
  };
  const hole = tf.mul(near().reshape([n, side, 1, 1]), near().reshape([n, 1, side, 1]));
  return fromNothing(images, (x) => tf.mul(x, tf.sub(1, hole)));
}

export default definePlugin({
  name: "diff-augment",
  description: "Colour, translation and cutout on what the discriminator sees, for small data sets",
  kind: "add-on",
  config: object({
    augmentColour: field.boolean("Jitter brightness, saturation and contrast", true),
    augmentTranslation: field.boolean("Translate by up to an eighth", true),
    augmentCutout: field.boolean("Cut out a square of half the side", true),
  }),
  hooks: {
    augment({ config }, images) {
      if (config.augmentColour) images = jitterColour(images);
      if (config.augmentTranslation) images = translate(images);
      return config.augmentCutout ? cutOut(images) : images;
    },
  },
});
