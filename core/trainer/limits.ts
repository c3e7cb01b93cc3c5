/** When a session ends: at the end of its schedule, or earlier by a budget or a signal. */
import { secondsOf } from "../config/mod.ts";
import { messageOf } from "../text.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";

/** Why a session ends. */
export type Ending = Pick<TrainResult, "status" | "reason">;

/** The limits of a session, as this process sees them. */
export interface Limits {
  /** Images after which the run is finished; it shrinks when a plugin cuts a phase short. */
  imagesTotal(): number;
  /** Why the session must end now; undefined where it goes on. */
  ending(): Ending | undefined;
}

/** The limits of a session that starts now. */
export function createLimits(
  { training, signal }: Pick<TrainOptions, "training" | "signal">,
): Limits {
  const { run, counters } = training;
  const startedAt = performance.now(), stopAfter = secondsOf(run.stopAfter);
  const imagesTotal = () => Math.min(run.images || Infinity, training.phases.at(-1)!.end);
  return {
    imagesTotal,
    ending() {
      if (training.position().done) {
        const short = run.images > counters.imagesSeen ? `, before --images ${run.images}` : "";
        return { status: "finished", reason: `the schedule is over${short}` };
      }
      if (counters.imagesSeen >= imagesTotal()) {
        return { status: "finished", reason: `--images ${run.images} is reached` };
      }
      if (stopAfter > 0 && performance.now() - startedAt >= stopAfter * 1000) {
        return { status: "stopped", reason: `--stop-after ${run.stopAfter} is over` };
      }
      return signal.aborted ? { status: "stopped", reason: messageOf(signal.reason) } : undefined;
    },
  };
}
