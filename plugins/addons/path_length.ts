/**
 * Path-length regularization (Karras et al. 2020, "Analyzing and Improving the Image Quality of
 * StyleGAN", section 3.2): a step of fixed length in w should change the image by a fixed amount,
 * regardless of w and of the direction.
 */
import { definePlugin, field, gradientOf, object, randomNormal, tf } from "../../core/mod.ts";

/** Weight of a new batch in the running mean of the lengths, as in the paper's code. */
const PACE = 0.01;

export default definePlugin({
  name: "path-length",
  description: "Path-length regularization of a generator with styles, such as StyleGAN",
  kind: "add-on",
  config: object({
    pathWeight: field.number("Weight of the term", 2, { minimum: 0 }),
    pathEvery: field.integer("Apply it at every n-th generator step, scaled by n", 4, {
      minimum: 1,
    }),
  }),
  /** The running mean of the lengths, a in the paper. */
  state: () => ({ mean: 0 }),
  hooks: {
    inputs: ({ state }) => ({ pathMean: state.mean }),
    losses({ config, model }) {
      const { styles, synthesize } = model;
      if (!styles || !synthesize) {
        throw new TypeError(
          "Cannot regularize paths: expected a model with styles() and synthesize(), received " +
            "one without. " +
            "Leave --plugin path-length out, or add both to your model",
        );
      }
      return [{
        name: "path_length",
        of: "generator",
        every: config.pathEvery,
        value(step) {
          const w = styles(step); // [N, F]
          /** Σ image · y with y ~ N(0, 1) / √pixels, whose gradient with respect to w is Jᵀ y. */
          const projected = (w: tf.Tensor2D) => {
            const images = synthesize(w, step);
            const y = tf.div(randomNormal(images.shape), step.resolution);
            return tf.sum(tf.mul(images, y));
          };
          const gradient = gradientOf(projected, w);
          const lengths = tf.sqrt(tf.add(tf.sum(tf.square(gradient), 1), 1e-8)); // [N]
          step.report("path/length", tf.mean(lengths));
          const off = tf.sub(lengths, step.inputs.pathMean!); // set by the `inputs` hook
          return tf.mul<tf.Scalar>(tf.mean(tf.square(off)), config.pathWeight);
        },
      }];
    },
    step({ state }, metrics) {
      const length = metrics["path/length"];
      if (length !== undefined) state.mean += PACE * (length - state.mean);
    },
  },
});
