import {
  type Alarm,
  COLLAPSE_ALARMS,
  type CollapseCode,
  type CollapseSignals,
  notFinite,
} from "./collapse_alarms.ts";

/** Something that went wrong, or is over. */
export interface CollapseWarning {
  code: CollapseCode;
  /** "info" says that the trouble is over; on "error" the run can't go on. */
  level: "info" | "warning" | "error";
  imagesSeen: number;
  message: string;
  /** What the user can do; empty when the trouble is over. */
  advice: string;
}

/** One alarm's memory. */
interface AlarmState {
  /** Whether it is raised. */
  raised: boolean;
  /** Intervals in a row beyond the threshold that would change `raised`. */
  streak: number;
  /** Slow mean of the alarm's signal in calm intervals. */
  usual: number;
  /** Calm intervals of this resolution. */
  calm: number;
}

/** What the watch remembers. */
interface CollapseState {
  /** Pixels a side of the interval before; what is usual is learned anew when it changes. */
  resolution: number;
  /** Of each alarm that has listened once. */
  alarms: Partial<Record<CollapseCode, AlarmState>>;
}

/**
 * One interval of the watch: a pure function of state and signals.
 *
 * An alarm is raised after `patience` intervals in a row at or above its threshold and stays raised
 * until as many in a row lie below a lower one, so a signal at the edge gives one warning and not a
 * stream. "Usual" is a slow mean (decay 0.95) of calm intervals, known after `learn` of them; it
 * starts anew at each resolution, while raised alarms stay raised.
 * @param alarms default {@linkcode COLLAPSE_ALARMS}, where the thresholds are
 * @returns the next state; warnings only for alarms that were raised or are over in this interval
 */
function watchCollapse(
  state: CollapseState,
  signals: CollapseSignals,
  alarms: readonly Alarm[] = COLLAPSE_ALARMS,
): { state: CollapseState; warnings: CollapseWarning[] } {
  const grown = signals.resolution !== state.resolution;
  const next: CollapseState = { resolution: signals.resolution, alarms: {} };
  const warnings: CollapseWarning[] = [];
  const broken = notFinite(signals).length > 0;
  for (const alarm of alarms) {
    const before = state.alarms[alarm.code] ?? { raised: false, streak: 0, usual: 0, calm: 0 };
    const known = grown ? { ...before, streak: 0, usual: 0, calm: 0 } : before;
    // Of an interval with NaN only "not-finite" can say anything.
    const after = broken && alarm.code !== "not-finite" ? known : listen(alarm, known, signals);
    next.alarms[alarm.code] = after;
    if (after.raised === before.raised) continue;
    const warning = { code: alarm.code, imagesSeen: signals.imagesSeen };
    if (after.raised) {
      const measured = measure(alarm, known, signals) ?? NaN; // it was measured to be raised
      const message = alarm.message(signals, measured);
      warnings.push({ ...warning, level: alarm.level, message, advice: alarm.advice });
    } else {
      warnings.push({ ...warning, level: "info", message: `Over: ${alarm.code}.`, advice: "" });
    }
  }
  return { state: next, warnings };
}

const DECAY = 0.95;

function measure(alarm: Alarm, state: AlarmState, signals: CollapseSignals): number | undefined {
  return alarm.measure(signals, state.calm >= (alarm.learn ?? 0) ? state.usual : undefined);
}

function listen(alarm: Alarm, before: AlarmState, signals: CollapseSignals): AlarmState {
  const after = { ...before }, measured = measure(alarm, before, signals);
  const value = alarm.usual?.(signals);
  if (measured !== undefined) {
    const turning = before.raised ? measured < alarm.clear : measured >= alarm.raise;
    after.streak = turning ? before.streak + 1 : 0;
    const patience = before.calm > 0 ? alarm.patience : alarm.grace ?? alarm.patience;
    if (after.streak >= patience) {
      after.raised = !before.raised;
      after.streak = 0;
    }
  }
  // What is usual is learned from calm intervals only: a runaway must not become its own measure.
  const calm = !after.raised &&
    (measured === undefined ? value !== undefined : measured < alarm.clear);
  if (!calm) return after;
  after.calm = before.calm + 1;
  // A plain mean at first, the slow mean once it holds 1 / (1 - DECAY) intervals.
  if (value !== undefined) {
    after.usual = before.usual + (value - before.usual) * Math.max(1 - DECAY, 1 / after.calm);
  }
  return after;
}

/**
 * The watch for collapse and divergence. What is usual is learned anew in each session: no
 * checkpoint keeps it.
 */
export class CollapseWatch {
  #state: CollapseState = { resolution: 0, alarms: {} };

  /** Looks at an interval; returns its warnings, mostly none. */
  update(signals: CollapseSignals): CollapseWarning[] {
    const { state, warnings } = watchCollapse(this.#state, signals);
    this.#state = state;
    return warnings;
  }

  /** Codes of the alarms that are raised now. */
  get raised(): CollapseCode[] {
    return COLLAPSE_ALARMS.map((a) => a.code).filter((code) => this.#state.alarms[code]?.raised);
  }
}
