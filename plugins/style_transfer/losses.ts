/** Content and style, as VGG-19 sees them (Huang and Belongie 2017, section 6). */
import { type Context, type LossTerm, type PluginState, tf } from "../../core/mod.ts";
import type { Panels, StepContext } from "../../core/mod.ts";
import { adaptiveNorm, statistics } from "./adaptive_norm.ts";
import type { StyleTransferConfig } from "./config.ts";
import type { StyleTransferModel } from "./model.ts";

type Step = StepContext<"images">;

const apart = (a: tf.Tensor, b: tf.Tensor) => tf.mean<tf.Scalar>(tf.square(tf.sub(a, b)));

/**
 * Of a batch, each image is content once and style once: its style is that of the image at the same
 * place from the end.
 * @returns the terms "content" (equation 12), "style" (equation 13, weighted), and one that
 * concerns no image
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
  const encoded = (step: Step) => step.shared("encoded", () => model.encode(step.tensors.images)); // frozen: no gradient needed
  const target = (step: Step) =>
    step.shared("target", () => {
      const features = encoded(step).at(-1)!; // the place's
      return adaptiveNorm(features, tf.reverse(features, 0));
    });
  const drawn = (step: Step) =>
    step.shared("drawn", () => model.encode(model.decode(target(step))));
  return [
    {
      name: "content",
      of: "generator",
      value: (step) => apart(drawn(step).at(-1)!, target(step)), // the place's
    },
    {
      name: "style",
      of: "generator",
      value(step) {
        const each = drawn(step).flatMap((mine, i) => {
          const a = statistics(mine), b = statistics(tf.reverse(encoded(step)[i]!, 0)); // as many
          return [apart(a.mean, b.mean), apart(a.deviation, b.deviation)];
        });
        return tf.mul(tf.addN(each), config.styleWeight) as tf.Scalar;
      },
    },
    {
      name: "none",
      of: "discriminator",
      // it has one
      value: () => tf.square(model.discriminator.trainable()[0]!.variable) as tf.Scalar,
    },
  ];
}
