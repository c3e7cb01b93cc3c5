import { digits } from "../text.ts";

/** Codes of what may go wrong; also the log lines' codes. */
export type CollapseCode =
  | "not-finite"
  | "mode-collapse"
  | "critic-runaway"
  | "critic-behind"
  | "penalty-spike"
  | "gradient-spike";

/** What is known after an interval; leave out what a model doesn't have. */
export interface CollapseSignals {
  imagesSeen: number;
  /** px a side; when it changes, what was usual is learned anew. */
  resolution: number;
  /** `sampleDiversity()` of the fixed preview latents' samples. */
  sampleDiversity?: number;
  /** The same of as many reals at this resolution and alpha. */
  realDiversity?: number;
  /** Mean D(real) − mean D(fake). */
  criticLead?: number;
  /** Gradient penalty or R1, as in the loss. */
  penalty?: number;
  /** Norm of the generator's or the discriminator's gradient. */
  gradientNorm?: number;
}

/** A signal that plugins may measure; their charts of it are declared as `watches`. */
export type WatchedSignal = Exclude<keyof CollapseSignals, "imagesSeen" | "resolution">;

/** An alarm: how it is measured, when it is raised, when it is over. */
export interface Alarm {
  /** Its name, and that of the log's lines. */
  code: CollapseCode;
  /** The run can't go on with an "error". */
  level: "warning" | "error";
  /**
   * A figure that grows with the trouble, undefined where the signal is missing.
   * @param usual the slow mean of the alarm's own signal in calm intervals of this resolution
   */
  measure(signals: CollapseSignals, usual: number | undefined): number | undefined;
  /** Raised at or above this … */
  raise: number;
  /** … for so many intervals in a row. */
  patience: number;
  /** Patience before the first calm interval of a resolution; default `patience`. */
  grace?: number;
  /** Over below this, for as many intervals in a row. Less than `raise`. */
  clear: number;
  /** The signal whose slow mean `measure` is given. */
  usual?: (signals: CollapseSignals) => number | undefined;
  /** Calm intervals before the slow mean counts as known. */
  learn?: number;
  /** What is told when it is raised. */
  message(signals: CollapseSignals, measured: number): string;
  /** What the user can do about it. */
  advice: string;
}

const FIELDS = [
  "sampleDiversity",
  "realDiversity",
  "criticLead",
  "penalty",
  "gradientNorm",
] as const;

/** Not a number or infinite among the signals. */
export function notFinite(signals: CollapseSignals): string[] {
  return FIELDS.filter((f) => signals[f] !== undefined && !Number.isFinite(signals[f]));
}

/** Alarm for a signal that is many times what it usually is. */
function spike(
  code: CollapseCode,
  field: "criticLead" | "penalty" | "gradientNorm",
  options: { what: string; factor: number; least: number; patience: number; advice: string },
): Alarm {
  const { what, factor, least, patience, advice } = options;
  const size = (signals: CollapseSignals) => {
    const value = signals[field];
    return value === undefined ? undefined : Math.max(0, value);
  };
  return {
    code,
    level: "warning",
    // Under `least` nothing is a spike, however calm it was before.
    measure(signals, usual) {
      const value = size(signals);
      return value === undefined || usual === undefined
        ? undefined
        : value / Math.max(usual, least / factor);
    },
    raise: factor,
    clear: factor / 2,
    patience,
    usual: size,
    learn: 10,
    message: (signals, times) =>
      // measured, so present
      `${what} is ${digits(signals[field]!, 3)}, ${digits(times, 2)} times the usual.`,
    advice,
  };
}

/**
 * A lead below this is behind: logits of a discriminator that can't tell sway by some hundredths
 * around zero.
 */
const BEHIND = -0.05;

/**
 * The alarms. An interval is one in which the alarm's signal was measured: one of the curves, or
 * one sample grid. The figures beside each are of the runs in `testdata/collapse_runs.json`:
 * healthy ones have reals 0.3 to 1.2 times as varied as samples, leads of 0.2 to 2.4 after their
 * first intervals, R1 below 0.5; in the collapsed one reals are more than 6 times as varied, and
 * the lead is below -0.09.
 */
export const COLLAPSE_ALARMS: readonly Alarm[] = [
  {
    code: "not-finite",
    level: "error",
    measure: (signals) => notFinite(signals).length,
    raise: 1, // one such number is enough, at once
    patience: 1,
    clear: 1,
    message: (signals) => `Not a finite number: ${notFinite(signals).join(", ")}.`,
    advice: "Go back to the last checkpoint and lower the learning rate, or train in float32.",
  },
  {
    code: "mode-collapse",
    level: "warning",
    // Reals' diversity over samples'; 4 is samples a quarter as varied, over at half as varied. A
    // generator that has learned nothing gives samples that are alike too: hence the grace.
    measure({ sampleDiversity, realDiversity }) {
      if (sampleDiversity === undefined || realDiversity === undefined) return undefined;
      return realDiversity / Math.max(sampleDiversity, realDiversity * 1e-3);
    },
    raise: 4,
    clear: 2,
    patience: 3, // grids are rare: three may be as many days
    grace: 10,
    message: ({ sampleDiversity, realDiversity }) =>
      // measured, so present
      `Samples are nearly alike: their diversity is ${digits(sampleDiversity!, 2)}, ` +
      `the reals' is ${digits(realDiversity!, 2)}.`,
    advice: "Resume from an earlier checkpoint (--resume RUN@CHECKPOINT) with a lower generator " +
      "learning rate, a stronger penalty " +
      "or minibatch standard deviation; check that the data is varied.",
  },
  spike("critic-runaway", "criticLead", {
    what: "D(real) − D(fake)",
    factor: 5,
    least: 5, // logits; WGAN-GP's early leads of 10 and more set their own usual
    patience: 3,
    advice:
      "The discriminator wins: strengthen the penalty, lower its learning rate, or add data or " +
      "augmentation.",
  }),
  {
    code: "critic-behind",
    level: "warning",
    // 1 where generated images score above reals; patience does the rest.
    measure: ({ criticLead }) => criticLead === undefined ? undefined : criticLead < BEHIND ? 1 : 0,
    raise: 1,
    clear: 0.5,
    patience: 10,
    message: (signals) =>
      `The discriminator has scored generated images above reals for 10 intervals ` +
      `(D(real) − D(fake) is ${digits(signals.criticLead!, 2)}).`, // measured, so present
    advice:
      "Weaken the penalty, or raise the discriminator's learning rate or its number of steps.",
  },
  spike("penalty-spike", "penalty", {
    what: "The gradient penalty",
    factor: 10,
    least: 1,
    patience: 2,
    advice: "Often the step before divergence: lower the discriminator's learning rate.",
  }),
  spike("gradient-spike", "gradientNorm", {
    what: "The gradient norm",
    factor: 10,
    least: 1e-3, // below it nothing moves anyway
    patience: 2,
    advice: "Often the step before divergence: lower the learning rate.",
  }),
];
