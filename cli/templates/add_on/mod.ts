/** Adds noise to the discriminator's images, less as its lead shrinks (Sønderby et al. 2017). */
import { definePlugin, field, object, randomNormal, tf } from "cambium";

export default definePlugin({
  name: "my-add-on",
  description: "Noise on the discriminator's images, as strong as its lead over the generator",
  kind: "add-on",
  config: object({
    strongest: field.number("Standard deviation at most", 0.2, { minimum: 0, maximum: 1 }),
  }),
  /** Plain data that every checkpoint saves. */
  state: () => ({ lead: 0 }),
  hooks: {
    /** Numbers that change from step to step enter recorded tensor code through this hook … */
    inputs: ({ config, state }) => ({
      noiseDeviation: config.strongest * Math.tanh(Math.max(0, state.lead)),
    }),
    /** … and are tensors there. */
    augment(_context, images, { inputs }) {
      return tf.add(images, tf.mul(randomNormal(images.shape), inputs.noiseDeviation!));
    },
    /** The metrics of the steps are passed to this hook. */
    step(context, metrics) {
      const lead = (metrics["score/real"] ?? 0) - (metrics["score/fake"] ?? 0);
      context.state.lead += 0.02 * (lead - context.state.lead);
      context.chart("noise/lead", context.state.lead);
    },
  },
});
