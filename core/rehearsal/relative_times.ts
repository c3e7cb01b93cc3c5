/** How long a sample takes at each resolution beside the others, by the networks' weights. */
import { withoutFirstValues } from "../layers/mod.ts";
import { createTrainingState, NETWORKS, type TrainingStateOptions } from "../trainer/mod.ts";

/** Small networks leave a processor idle between ops: ten times the work takes six times as long. */
const TIME_BY_WORK = 0.8;

/**
 * The time of a sample at each resolution of the schedule, in no unit: (multiply-adds of both
 * networks)^0.8. The networks are built and grown apart from any run. A kernel [k, k, in, out] that
 * came with a resolution R is taken to be applied at each of R² places, a matrix once.
 * @returns up to the resolution whose growth fails, which the run itself will tell
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
  } catch { // told where the run grows
    return result;
  } finally {
    training.dispose();
  }
  return result;
}
