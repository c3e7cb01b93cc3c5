/** Content and style losses on VGG-19's features (Huang and Belongie 2017, section 6). */
import { type Context, type LossTerm, type PluginState, tf } from "../../core/mod.ts";
import type { Panels, StepContext } from "../../core/mod.ts";
import { adaptiveNorm, statistics } from "./adaptive_norm.ts";
import type { StyleTransferConfig } from "./config.ts";
import type { StyleTransferModel } from "./model.ts";

type Step = StepContext<"images">;

const meanSquaredDifference = (a: tf.Tensor, b: tf.Tensor) =>
  tf.mean<tf.Scalar>(tf.square(tf.sub(a, b)));

/**
 * Each image of a batch serves once as content and once as style: image i takes the style of image
 * N − 1 − i.
 * @returns the terms "content" (equation 12), "style" (equation 13, weighted), and a placeholder
 * for the discriminator
 */
export function styleTransferLosses(
  { config, model }: Context<
    StyleTransferConfig,
    PluginState,
    Panels,
    StyleTransferModel,
    "images"
  >,
): LossTerm<"images">[] {
  // the encoder is frozen, and its input needs no gradient
  const encoded = (step: Step) => step.shared("encoded", () => model.encode(step.tensors.images));
  const target = (step: Step) =>
    step.shared("target", () => {
      const features = encoded(step).at(-1)!; // of the layer where styles are exchanged
      return adaptiveNorm(features, tf.reverse(features, 0));
    });
  const drawn = (step: Step) =>
    step.shared("drawn", () => model.encode(model.decode(target(step))));
  return [
    {
      name: "content",
      of: "generator",
      // of the layer where styles are exchanged
      value: (step) => meanSquaredDifference(drawn(step).at(-1)!, target(step)),
    },
    {
      name: "style",
      of: "generator",
      value(step) {
        const each = drawn(step).flatMap((mine, i) => {
          // one for each layer
          const a = statistics(mine), b = statistics(tf.reverse(encoded(step)[i]!, 0));
          return [
            meanSquaredDifference(a.mean, b.mean),
            meanSquaredDifference(a.deviation, b.deviation),
          ];
        });
        return tf.mul(tf.addN(each), config.styleWeight) as tf.Scalar;
      },
    },
    {
      name: "none",
      of: "discriminator",
      // there is one variable
      value: () => tf.square(model.discriminator.trainable()[0]!.variable) as tf.Scalar,
    },
  ];
}
