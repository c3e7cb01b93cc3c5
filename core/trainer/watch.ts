/** Watches a run's own curves and samples for mode collapse and divergence. */
import type { HostBatch } from "../data.ts";
import { PENALTY_NAMES } from "../losses/penalty_by_name.ts";
import {
  type CollapseSignals,
  CollapseWatch,
  sampleDiversity,
  type WatchedSignal,
} from "../metrics/mod.ts";
import { inOrder } from "../plugin/mod.ts";
import type { OutboxLine } from "../reporting/reporter.ts";
import type { HostPreview } from "./preview.ts";
import type { TrainingState } from "./training_state.ts";

export interface RunWatch {
  /**
   * Checks the averages of one interval of the curves.
   * @returns warnings for the log
   */
  values(values: Readonly<Record<string, number>>): OutboxLine[];
  /**
   * Checks a sample grid against reals.
   * @param preview grid of samples
   * @param reals held-out data of the same resolution
   * @param charts what plugins charted for the grid: a plugin with its own preview measures the
   * diversities itself
   */
  samples(
    preview: HostPreview,
    reals: HostBatch,
    charts: Readonly<Record<string, number>>,
  ): { values: Record<string, number>; lines: OutboxLine[] };
}

/** Names of the penalties' curves. */
const PENALTY_TERMS = PENALTY_NAMES.map((name) => "term/" + name);

/** Watches a training; the baselines are learned anew in each session. */
export function createRunWatch(training: TrainingState): RunWatch {
  const watch = new CollapseWatch();
  const update = (signals: Partial<CollapseSignals>): OutboxLine[] => {
    const { resolution } = training.networksAt().phase;
    const warnings = watch.update({
      imagesSeen: training.counters.imagesSeen,
      resolution,
      ...signals,
    });
    return warnings.map(({ code, level, message, advice }) => ({
      level: level === "info" ? "info" : "warning",
      message: advice ? `${message} ${advice}` : message,
      code,
    }));
  };
  return {
    values(values) {
      const real = values["score/real"], fake = values["score/fake"];
      const penalty = PENALTY_TERMS.map((name) => values[name]).find((x) => x !== undefined);
      return update({
        ...(real === undefined || fake === undefined ? {} : { criticLead: real - fake }),
        ...(penalty === undefined ? {} : { penalty }),
        ...watched(training, values),
      });
    },
    samples(preview, reals, charts) {
      const broken = brokenPixels(preview);
      if (broken) return { values: {}, lines: [broken] }; // they can't be measured
      // A plugin's own grid shows more than samples: its diversity is not the generator's.
      if (inOrder(training.plugins).some(({ plugin }) => plugin.hooks.preview) || !reals.images) {
        const { sampleDiversity, realDiversity } = watched(training, charts);
        const known = sampleDiversity !== undefined && realDiversity !== undefined;
        return { values: {}, lines: known ? update({ sampleDiversity, realDiversity }) : [] };
      }
      const { data, shape } = preview;
      const count = shape[0]!, realCount = reals.images.shape[0]!; // both [N, R, R, C]
      if (count < 2 || realCount < 2) return { values: {}, lines: [] };
      const diversity = sampleDiversity(data, count);
      const realDiversity = sampleDiversity(reals.images.data as Float32Array, realCount);
      return {
        values: { diversity, "diversity/reals": realDiversity },
        lines: update({ sampleDiversity: diversity, realDiversity }),
      };
    },
  };
}

/**
 * Warns where values of a grid are not finite: written as bytes they become 0, which looks like a
 * drawn picture.
 */
function brokenPixels({ data, shape }: HostPreview): OutboxLine | undefined {
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  if (count === 0) return undefined;
  const cell = data.length / shape[0]!; // [N, R, R, C]
  const first = Math.floor(data.findIndex((value) => !Number.isFinite(value)) / cell);
  return {
    level: "warning",
    code: "samples-not-finite",
    message:
      `${count} of ${data.length} values of the sample grid are NaN or infinite, the first ` +
      `in cell ${first}: expected finite numbers, -1 for black to 1 for white. Where the run has ` +
      `a plugin with a preview, check how it computes its pixels; else resume from an earlier ` +
      `checkpoint with a lower learning rate`,
  };
}

/** The signals that plugins declare in `watches`, as far as they charted them. */
function watched(
  { plugins }: TrainingState,
  charts: Readonly<Record<string, number>>,
): Partial<Record<WatchedSignal, number>> {
  const signals: Partial<Record<WatchedSignal, number>> = {};
  for (const { plugin } of inOrder(plugins)) {
    for (const [key, names = []] of Object.entries(plugin.watches ?? {})) {
      const signal = key as WatchedSignal; // by the type of `watches`
      for (const value of names.map((name) => charts[name])) {
        if (value !== undefined) signals[signal] = Math.max(signals[signal] ?? -Infinity, value);
      }
    }
  }
  return signals;
}
