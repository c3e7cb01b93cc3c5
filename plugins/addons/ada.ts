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
  randomNormal,
  randomUniform,
  type StepContext,
  type StepMetrics,
  tf,
} from "../../core/mod.ts";
import { onColours } from "./on_colours.ts";

const TURN = 2 * Math.PI;

/** `value` [N, 1] with probability p, `otherwise` with probability 1 − p. */
function sometimes(p: tf.Scalar, value: tf.Tensor, otherwise: number): tf.Tensor {
  const chosen = tf.less(randomUniform(value.shape), p).toFloat();
  return tf.add(tf.mul(chosen, tf.sub(value, otherwise)), otherwise);
}

/** Mirrors coordinates at the borders: the outer edges of the image are at 0 and `side`. */
function mirroredAt(u: tf.Tensor, side: number): tf.Tensor {
  const m = tf.mod(u, 2 * side); // 0 … 2 side, whatever the sign of u
  return tf.minimum(m, tf.sub(2 * side, m));
}

/** The largest batch whose pixel indices float32 can represent exactly (up to 2²⁴). */
export function countable(side: number): number {
  return Math.floor(2 ** 24 / side ** 2);
}

/**
 * Inverse-maps each output pixel to its source position, then interpolates bilinearly between the
 * four pixels around it. Flips and translations by whole pixels copy values unchanged.
 * @param p probability of each transformation
 * @param most images processed at once, because pixel indices are float32
 * @returns [N, R, R, C]
 */
export function transformed(
  images: tf.Tensor4D,
  p: tf.Scalar,
  most: number = countable(images.shape[1]),
): tf.Tensor4D {
  const [n, side, , channels] = images.shape;
  if (n > most) {
    const first = transformed(images.slice(0, most), p, most);
    return tf.concat([first, transformed(images.slice(most), p, most)], 0);
  }
  const each = () => randomUniform([n, 1]);
  const flip = sometimes(p, tf.sub(1, tf.mul(2, tf.round(each()))), 1); // ±1
  const scale = sometimes(p, tf.pow(2, tf.mul(randomNormal([n, 1]), 0.2)), 1); // log-normal
  const angle = sometimes(p, tf.mul(tf.sub(each(), 0.5), TURN), 0);
  // up to an eighth of a side
  const shift = () => sometimes(p, tf.round(tf.mul(tf.sub(each(), 0.5), side / 4)), 0);
  const [dx, dy] = [shift(), shift()];

  const at = Array.from({ length: side * side }, (_, i) => i);
  // relative to the centre
  const x = tf.tensor2d(at.map((i) => i % side + 0.5 - side / 2), [1, side * side]);
  const y = tf.tensor2d(at.map((i) => Math.floor(i / side) + 0.5 - side / 2), [1, side * side]);
  const cos = tf.div(tf.cos(angle), scale), sin = tf.div(tf.sin(angle), scale);
  // undoes the translation, then rotation and scale, then the flip
  const [sx, sy] = [tf.sub(x, dx), tf.sub(y, dy)];
  const u = tf.mul(flip, tf.add(tf.mul(cos, sx), tf.mul(sin, sy)));
  const v = tf.sub(tf.mul(cos, sy), tf.mul(sin, sx));
  const [cu, cv] = [u, v].map((c) => tf.sub(mirroredAt(tf.add(c, side / 2), side), 0.5)) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const [left, top] = [tf.floor(cu), tf.floor(cv)];
  const [right, low] = [tf.sub(cu, left), tf.sub(cv, top)]; // weights of the farther neighbours

  const flat = tf.reshape(images, [n * side * side, channels]);
  const first = tf.reshape(tf.mul(tf.range(0, n), side * side), [n, 1]); // of each image
  const pixel = (column: tf.Tensor, row: tf.Tensor, weight: tf.Tensor) => {
    const inside = (c: tf.Tensor) => tf.clipByValue(c, 0, side - 1);
    const index = tf.add(first, tf.add(tf.mul(inside(row), side), inside(column))).toInt();
    const values = tf.gather(flat, tf.reshape<tf.Rank.R1>(index, [-1]));
    return tf.mul(values, weight.reshape([-1, 1]));
  };
  const [nextColumn, nextRow] = [tf.add(left, 1), tf.add(top, 1)];
  const [before, above] = [tf.sub(1, right), tf.sub(1, low)];
  const sum = tf.addN([
    pixel(left, top, tf.mul(before, above)),
    pixel(nextColumn, top, tf.mul(right, above)),
    pixel(left, nextRow, tf.mul(before, low)),
    pixel(nextColumn, nextRow, tf.mul(right, low)),
  ]);
  return tf.reshape(sum, images.shape);
}

/**
 * Brightness, contrast and, for colour images, saturation, with the strengths of the paper
 * (appendix B): brightness is shifted by N(0, 0.2²); contrast and saturation are scaled by factors
 * whose binary logarithms have standard deviations of 0.5 and 1.
 */
export function coloured(images: tf.Tensor4D, p: tf.Scalar): tf.Tensor4D {
  const [n, , , channels] = images.shape;
  const shape = [n, 1, 1, 1];
  const factor = (deviation: number) =>
    sometimes(p, tf.pow(2, tf.mul(randomNormal(shape), deviation)), 1);
  return onColours(images, (colours, opacity) => {
    const change = sometimes(p, tf.mul(randomNormal(shape), 0.2), 0);
    let x = tf.add<tf.Tensor4D>(colours, opacity ? tf.mul(change, opacity) : change);
    x = tf.mul(x, factor(0.5));
    if (channels > 1) {
      const luma = tf.mean(x, 3, true);
      x = tf.add(luma, tf.mul(tf.sub(x, luma), factor(1)));
    }
    return x;
  });
}

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
