import { digits } from "../text.ts";

/** Codes of the problems, also used in log lines. */
export type CollapseCode =
  | "not-finite"
  | "mode-collapse"
  | "critic-runaway"
  | "critic-behind"
  | "penalty-spike"
  | "gradient-spike";

/** Measurements of an interval; omit those that a model doesn't have. */
export interface CollapseSignals {
  imagesSeen: number;
  /** Side in px; when it changes, the usual levels are learned again. */
  resolution: number;
  /** `sampleDiversity()` of the samples from the fixed preview latents. */
  sampleDiversity?: number;
  /** The same for as many reals at this resolution and alpha. */
  realDiversity?: number;
  /** Mean D(real) − mean D(fake). */
  criticLead?: number;
  /** Gradient penalty or R1 as it enters the loss. */
  penalty?: number;
  /** Norm of the generator's or the discriminator's gradient. */
  gradientNorm?: number;
}

/** A signal that plugins may measure; they declare their charts of it as `watches`. */
export type WatchedSignal = Exclude<keyof CollapseSignals, "imagesSeen" | "resolution">;

/** An alarm: how it is measured, when it is raised, and when it is cleared. */
export interface Alarm {
  /** Its name, also in log lines. */
  code: CollapseCode;
  /** After an "error" the run can't continue. */
  level: "warning" | "error";
  /**
   * A figure that grows with the problem; undefined if the signal is missing.
   * @param usual the moving average of the alarm's own signal over calm intervals of this
   * resolution
   */
  measure(signals: CollapseSignals, usual: number | undefined): number | undefined;
  /** Raised at or above this … */
  raise: number;
  /** … for this many consecutive intervals. */
  patience: number;
  /** Patience before the first calm interval of a resolution; default `patience`. */
  grace?: number;
  /** Cleared below this, for as many consecutive intervals. Less than `raise`. */
  clear: number;
  /** The signal whose moving average is passed to `measure`. */
  usual?: (signals: CollapseSignals) => number | undefined;
  /** Number of calm intervals before the moving average counts as known. */
  learn?: number;
  /** The message when it is raised. */
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

/** Names of the signals that are NaN or infinite. */
export function notFinite(signals: CollapseSignals): string[] {
  return FIELDS.filter((f) => signals[f] !== undefined && !Number.isFinite(signals[f]));
}

/** An alarm for a signal that is many times its usual level. */
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
    // Values below `least` are never a spike, however calm the signal was before.
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
 * A lead below this means that the discriminator is behind: the logits of one that can't tell reals
 * from fakes vary by some hundredths around zero.
 */
const BEHIND = -0.05;

/**
 * The alarms. An interval is one in which the alarm's signal was measured: an interval of the
 * curves, or a sample grid. The figures below are from the runs in `testdata/collapse_runs.json`:
 * in healthy runs reals are 0.3 to 1.2 times as diverse as samples, leads are 0.2 to 2.4 after the
 * first intervals, and R1 is below 0.5; in the collapsed run reals are more than 6 times as
 * diverse, and the lead is below -0.09.
 */
export const COLLAPSE_ALARMS: readonly Alarm[] = [
  {
    code: "not-finite",
    level: "error",
    measure: (signals) => notFinite(signals).length,
    raise: 1, // a single such number is enough
    patience: 1,
    clear: 1,
    message: (signals) => `Not a finite number: ${notFinite(signals).join(", ")}.`,
    advice: "Go back to the last checkpoint and lower the learning rate, or train in float32.",
  },
  {
    code: "mode-collapse",
    level: "warning",
    // The diversity of reals divided by that of samples: raised when samples are a quarter as
    // diverse, cleared at half. The samples of an untrained generator are alike, too, hence the
    // grace.
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
      "learning rate, a stronger penalty or minibatch standard deviation; check that the data " +
      "is varied.",
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
    // 1 if generated images score above reals; patience does the rest.
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
