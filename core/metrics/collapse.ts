import {
  type Alarm,
  COLLAPSE_ALARMS,
  type CollapseCode,
  type CollapseSignals,
  notFinite,
} from "./collapse_alarms.ts";

/** A problem that was detected, or that is over. */
export interface CollapseWarning {
  code: CollapseCode;
  /** "info" means that the problem is over; after an "error" the run can't continue. */
  level: "info" | "warning" | "error";
  imagesSeen: number;
  message: string;
  /** What the user can do; empty if the problem is over. */
  advice: string;
}

/** The state of one alarm. */
interface AlarmState {
  /** Whether it is raised. */
  raised: boolean;
  /** Consecutive intervals beyond the threshold that would change `raised`. */
  streak: number;
  /** Slow moving average of the alarm's signal over calm intervals. */
  usual: number;
  /** Number of calm intervals at this resolution. */
  calm: number;
}

/** The state of the watch. */
interface CollapseState {
  /** Side in px in the previous interval; the usual level is learned again when it changes. */
  resolution: number;
  /** State of each alarm that has been updated once. */
  alarms: Partial<Record<CollapseCode, AlarmState>>;
}

/**
 * Processes one interval: a pure function of state and signals.
 *
 * An alarm is raised after `patience` consecutive intervals at or above its threshold, and stays
 * raised until as many are below a lower threshold (hysteresis), so a borderline signal causes one
 * warning rather than a stream. "Usual" is a slow moving average (decay 0.95) over calm intervals,
 * known after `learn` of them; it is reset at each resolution, while raised alarms stay raised.
 * @param alarms default {@linkcode COLLAPSE_ALARMS}, which defines the thresholds
 * @returns the next state; warnings only for alarms that were raised or cleared in this interval
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
    // In an interval with NaN, only "not-finite" is meaningful.
    const after = broken && alarm.code !== "not-finite"
      ? known
      : updateAlarm(alarm, known, signals);
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

function updateAlarm(alarm: Alarm, before: AlarmState, signals: CollapseSignals): AlarmState {
  const after = { ...before }, measured = measure(alarm, before, signals);
  const value = alarm.usual?.(signals);
  if (measured !== undefined) {
    const isBeyond = before.raised ? measured < alarm.clear : measured >= alarm.raise;
    after.streak = isBeyond ? before.streak + 1 : 0;
    const patience = before.calm > 0 ? alarm.patience : alarm.grace ?? alarm.patience;
    if (after.streak >= patience) {
      after.raised = !before.raised;
      after.streak = 0;
    }
  }
  // Only calm intervals update the usual level: a runaway must not become its own baseline.
  const calm = !after.raised &&
    (measured === undefined ? value !== undefined : measured < alarm.clear);
  if (!calm) return after;
  after.calm = before.calm + 1;
  // A plain mean at first, then the moving average once it covers 1 / (1 - DECAY) intervals.
  if (value !== undefined) {
    after.usual = before.usual + (value - before.usual) * Math.max(1 - DECAY, 1 / after.calm);
  }
  return after;
}

/**
 * Watches for collapse and divergence. The usual level is learned again in each session, because
 * checkpoints do not store it.
 */
export class CollapseWatch {
  #state: CollapseState = { resolution: 0, alarms: {} };

  /** Processes an interval; returns its warnings, usually none. */
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
