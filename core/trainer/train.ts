/** One session of a run, from wherever the training stands to the session's end. */
import { openSession } from "./session.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";

/**
 * Trains until the schedule is complete, or a budget or the signal ends the session.
 * @throws DivergedError where a loss is not finite, PluginError where a plugin fails,
 * FloatingRejectionError where a promise that nobody awaits rejects meanwhile (a checkpoint is
 * written first)
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const session = openSession(options);
  try {
    await session.begin();
    let end;
    while (!(end = await session.ending())) {
      await session.enterPhase();
      await session.cycle();
      await session.report();
      await session.runDue();
    }
    return await session.finish(end);
  } catch (error) {
    await session.fail(error);
    throw error;
  } finally {
    await session.close();
  }
}
