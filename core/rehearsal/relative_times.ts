/** Estimates the relative time per image at each resolution from the networks' weights. */
import { withoutFirstValues } from "../layers/mod.ts";
import { createTrainingState, NETWORKS, type TrainingStateOptions } from "../trainer/mod.ts";

/**
 * Exponent of time over work. Small networks leave the processor idle between ops: ten times the
 * work takes about six times as long.
 */
const TIME_BY_WORK = 0.8;

/**
 * Relative time per image at each resolution of the schedule: (multiply-adds of both networks)^0.8.
 * The networks are built and grown apart from any run. A kernel [k, k, in, out] added at resolution
 * R is assumed to be applied at each of R² positions, a matrix once.
 * @returns times up to the resolution at which growing fails; the run itself will report that error
 */
export function relativeTimesOf(options: TrainingStateOptions): Map<number, number> {
  return withoutFirstValues(() => timesOf(options));
}

function timesOf(options: TrainingStateOptions): Map<number, number> {
  const training = createTrainingState(options), result = new Map<number, number>();
  const counted = new Set<string>();
  let multiplyAdds = 0;
  try {
    for (const { resolution, start } of training.phases) {
      training.counters.imagesSeen = start;
      training.enterPhase();
      for (const network of NETWORKS) {
        for (const { path, variable } of training.network(network).trainable()) {
          if (counted.has(path)) continue;
          counted.add(path);
          multiplyAdds += variable.size * (variable.rank === 4 ? resolution ** 2 : 1);
        }
      }
      result.set(resolution, multiplyAdds ** TIME_BY_WORK);
    }
  } catch { // the run reports it when it grows
    return result;
  } finally {
    training.dispose();
  }
  return result;
}
