/** Starts the first session of a new run. */
import { adoptWeights, createTrainingState, takeSnapshot } from "../../trainer/mod.ts";
import { expectBatches, expectMeasurements } from "./expect_batches.ts";
import { writeClassSheet } from "../folder/class_sheet.ts";
import { acquireRunLock } from "../folder/lock.ts";
import { createRunFolder, writeRunConfig } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { runOutput } from "./run_output.ts";
import { expectEqualShares, expectSameRun } from "./share_run.ts";
import { savedRun } from "../spec/run_spec.ts";
import type { Session } from "./session.ts";
import { describeAdopted, warningsOf, type WeightSource } from "../weight_source.ts";
import { trainingOptions } from "./training_options.ts";

/**
 * Builds the networks, creates the run's folder and takes its lock.
 * @param place the folder of the runs, and a name that replaces the data's in the run folder's name
 * @param source provides initial weights, where they fit; a checkpoint is then written at once, so
 * that resuming has them
 * @throws RunError where the data is too small for the run, or the workers don't train the same run
 */
export async function beginRun(
  prepared: PreparedRun,
  place: { runs: string; name: string | undefined },
  source?: WeightSource,
): Promise<Session> {
  const { spec, loaded, dataset, told = [] } = prepared, { info } = dataset;
  expectBatches(spec.run, info);
  const training = createTrainingState(trainingOptions(prepared, info));
  try {
    expectMeasurements(training, info);
    expectEqualShares(training);
    if (source) {
      const adopted = adoptWeights(training, source.checkpoint.files);
      prepared.notices.log(describeAdopted(source, adopted));
      for (const warning of warningsOf(source, adopted, info)) prepared.notices.warn(warning);
    }
    await expectSameRun(prepared, training); // before a folder is created
    const folder = await createRunFolder(place.runs, {
      plugin: loaded.model.plugin.name,
      data: place.name ?? info.name,
    });
    const lock = await acquireRunLock(folder.folder);
    try {
      const output = runOutput(prepared, folder, training);
      // before config.json makes it a run, which could be resumed without these weights
      if (source) await output.writeCheckpoint(await takeSnapshot(training, {}));
      await writeRunConfig(folder.folder, savedRun(spec, info));
      if (info.classes) await writeClassSheet(folder.folder, dataset);
      for (const line of told) training.outbox.log(line);
      return { prepared, folder, training, output, interval: {}, lock, resumed: false };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    training.dispose();
    throw error;
  }
}
