/**
 * Adaptive discriminator augmentation (Karras et al. 2020, "Training Generative Adversarial
 * Networks with Limited Data"): flips, integer translation, scale, rotation and colour, each
 * applied with probability p to what the discriminator sees. p follows how often D(real) is
 * positive, which is the sign of overfitting. How much of this leaks into generated images is
 * measured: how far image statistics ("looks") have moved from those of reals towards those of
 * augmented reals.
 */
import {
  definePlugin,
  field,
  LOOKS,
  looksOf,
  mixtureShare,
  type Moments,
  object,
  type PluginState,
  type StepContext,
  type StepMetrics,
  tf,
} from "../../core/mod.ts";
import { coloured, transformed } from "./ada_transforms.ts";

/** The sets of images whose statistics ("looks") are compared. */
const SETS = ["real", "augmented", "generated"] as const;
type ImageSet = typeof SETS[number];
/** The looks before this index describe colour, the others geometry. */
const COLOUR_LOOKS = LOOKS.indexOf("mirrored");
const nameOf = (set: ImageSet, power: number, look: number) => `_ada/${set}/${look}/${power}`;
const NAMES = SETS.flatMap((set) =>
  [1, 2].flatMap((power) => LOOKS.map((_, look) => nameOf(set, power, look)))
);

/** Reports the first and second moments of the looks, which the `step` hook reads. */
function reportLooks(step: StepContext, set: ImageSet, images: tf.Tensor4D): void {
  const looks = looksOf(images);
  for (const power of [1, 2]) {
    const means = tf.mean(power === 1 ? looks : tf.square(looks), 0);
    LOOKS.forEach((_, look) =>
      step.report(nameOf(set, power, look), tf.slice(means, [look], [1]).asScalar())
    );
  }
}

/** Images over which the looks are averaged. */
const WINDOW = 10_000;
/** Images for which a condition must last before a warning is given. */
const PATIENCE = 2 * WINDOW;

/** Running means of the looks at one resolution, and of the p with which images were augmented. */
interface Averages {
  resolution: number;
  images: number;
  p: number;
  looks: Record<string, number>;
}

/** Updates the running means with the metrics of a cycle of `images` images. */
function addLooks(averages: Averages, metrics: StepMetrics, p: number, images: number): void {
  const rate = Math.min(1, images / Math.min(WINDOW, averages.images += images));
  averages.p += rate * (p - averages.p);
  for (const name of NAMES) {
    const before = averages.looks[name] ?? 0;
    averages.looks[name] = before + rate * (metrics[name]! - before); // `step` has checked it
  }
}

/**
 * The probability of augmentation that the generated images appear to have, for geometry and for
 * colour. It is capped at p: images that look even less like reals, as all do early in training,
 * are no evidence of a leak.
 */
export function leakOf(
  { looks, p }: { looks: Record<string, number>; p: number },
): { geometry: number; colour: number } {
  const share = (first: number, end: number) => {
    const [from, to, samples] = SETS.map((set): Moments => {
      const of = (power: number) =>
        // addLooks() has set it
        Array.from({ length: end - first }, (_, i) => looks[nameOf(set, power, first + i)]!);
      return { mean: of(1), meanSquare: of(2) };
    }) as [Moments, Moments, Moments]; // one for each set
    return p * Math.max(0, Math.min(1, mixtureShare({ from, to, samples })));
  };
  return { geometry: share(COLOUR_LOOKS, LOOKS.length), colour: share(0, COLOUR_LOOKS) };
}

export default definePlugin({
  name: "ada",
  description: "Adaptive augmentation of what the discriminator sees, for small data sets",
  kind: "add-on",
  config: object({
    adaTarget: field.number("Target for the mean sign of D(real); above it, p rises", 0.6, {
      minimum: -1,
      maximum: 1,
    }),
    adaImages: field.integer("Images over which p may go from 0 to 1", 50_000, { minimum: 1 }),
    adaMaximum: field.number("Upper limit of p: beyond 0.8 augmentations leak into samples", 0.8, {
      minimum: 0,
      maximum: 1,
    }),
    adaLeak: field.number(
      "p falls while generated images look augmented with more than this p",
      0.25,
      {
        minimum: 0,
        maximum: 1,
      },
    ),
  }),
  state: () => ({
    p: 0,
    sign: 0,
    /**
     * Images seen when p reached its maximum, and when images began to look augmented; -1 if they
     * have not.
     */
    boundSince: -1,
    leakSince: -1,
    averages: { resolution: 0, images: 0, p: 0, looks: {} } as Averages & PluginState,
  }),
  panels: {
    strength: {
      kind: "curves",
      title: "Adaptive augmentation",
      note:
        "p rises while the mean sign of D(real) is above its target, and falls while leak, how " +
        "augmented generated images look, is too large.",
      series: ["ada/p", "ada/sign", "ada/leak"],
    },
  },
  hooks: {
    inputs: ({ state }) => ({ adaProbability: state.p }),
    augment(_context, images, step, origin) {
      const p = step.inputs.adaProbability!; // set by the `inputs` hook
      const augmented = coloured(transformed(images, p), p);
      if (step.network === "discriminator") {
        reportLooks(step, origin, images);
        if (origin === "real") reportLooks(step, "augmented", augmented);
      }
      return augmented;
    },
    step(context, metrics) {
      const { config, state, imagesSeen, phase, run } = context;
      const sign = metrics["score/real_sign"];
      if (sign === undefined) {
        throw new TypeError(
          'Cannot adapt: expected the model to report "score/real_sign", received none. Use ' +
            "adversarialTerms()",
        );
      }
      const images = phase.batchSize * run.criticSteps; // in this cycle
      /** Whether a condition has lasted long enough; `since` is when it began, or -1. */
      const lasts = (since: number) => since >= 0 && imagesSeen - since >= PATIENCE;
      const began = (is: boolean, since: number) => !is ? -1 : since < 0 ? imagesSeen : since;

      let leaks = false;
      // The looks are reported only where the model passes its images through context.augment().
      if (NAMES.every((name) => name in metrics)) {
        if (state.averages.resolution !== phase.resolution) {
          const { resolution } = phase;
          Object.assign(state.averages, { resolution, images: 0, p: 0, looks: {} });
        }
        addLooks(state.averages, metrics, state.p, images); // p as it was during these steps
        const { geometry, colour } = leakOf(state.averages), leak = Math.max(geometry, colour);
        context.chart("ada/leak", leak);
        leaks = leak > config.adaLeak;
        state.leakSince = began(leaks, state.leakSince);
        if (lasts(state.leakSince)) {
          const looks = geometry > colour ? "moved or turned" : "tinted";
          const [found, given] = [leak, state.averages.p].map((p) => p.toFixed(2));
          context.warn(
            "ada-leak",
            `Augmentation leaks into generated images: they look ${looks}, like reals with p = ` +
              `${found}. p is ${given} and now falls. A smaller --ada-maximum helps`,
          );
        }
      }

      // The paper averages the sign over four batches of 256 images.
      state.sign += (sign - state.sign) * Math.min(1, images / 1000);
      const direction = leaks ? -1 : Math.sign(state.sign - config.adaTarget);
      const moved = state.p + direction * images / config.adaImages;
      state.p = Math.min(config.adaMaximum, Math.max(0, moved));
      state.boundSince = began(state.p >= config.adaMaximum, state.boundSince);
      if (lasts(state.boundSince)) {
        const often = state.sign.toFixed(2);
        context.warn(
          "ada-bound",
          `Augmentation is at its maximum (p = ${state.p}), but D(real) is still positive too ` +
            `often (mean sign ${often}). More data, a smaller discriminator or a larger --gamma help`,
        );
      }
      context.chart("ada/p", state.p);
      context.chart("ada/sign", state.sign);
    },
  },
});
