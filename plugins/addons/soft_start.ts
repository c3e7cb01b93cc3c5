/**
 * Blurs what the discriminator sees while a resolution fades in, real and generated alike, by less
 * and less. At first a new block has not learned to draw detail, and the discriminator should not
 * reject it for that. StyleGAN3 does the same at the start of a run (Karras et al. 2021,
 * "Alias-Free Generative Adversarial Networks", appendix on training).
 */
import { blur, definePlugin, field, lerp, object } from "../../core/mod.ts";

export default definePlugin({
  name: "soft-start",
  description: "Blurs the discriminator's images, less and less, while a resolution fades in",
  kind: "add-on",
  config: object({
    softStart: field.number("Share of the blurred image when a resolution begins", 1, {
      minimum: 0,
      maximum: 1,
    }),
    softPasses: field.integer(
      "Times that the 3×3 filter is applied; n passes give a standard deviation of √(n/2) px",
      2,
      {
        minimum: 1,
        maximum: 64,
      },
    ),
  }),
  prepare({ run, log }) {
    if (run.startResolution === run.resolution) {
      log(`Nothing is blurred at ${run.resolution} px, the run's only resolution: none fades in`);
    }
    return Promise.resolve();
  },
  /** Current weight of the blurred image. */
  state: () => ({ share: 0 }),
  hooks: {
    grow({ config, state }) {
      state.share = config.softStart;
    },
    fade({ config, state }, alpha) {
      state.share = config.softStart * (1 - alpha);
    },
    stabilize({ state }) {
      state.share = 0;
    },
    inputs: ({ state }) => ({ softShare: state.share }),
    augment({ config, phase }, images, { inputs }) {
      if (phase.kind !== "fade") return images; // terms are recorded anew in each phase
      let blurred = images;
      for (let pass = 0; pass < config.softPasses; pass++) blurred = blur(blurred);
      return lerp(images, blurred, inputs.softShare!); // set by the `inputs` hook
    },
    step: ({ chart, phase, state }) => {
      if (phase.kind === "fade") chart("soft_start/share", state.share);
    },
  },
});
