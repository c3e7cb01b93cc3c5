/** Starts a later session of a run, from its newest intact checkpoint. */
import type { Checkpoint } from "../../checkpoint/mod.ts";
import { type Budget, planOf, type PlanOptions, type RunConfig } from "../../config/mod.ts";
import { inOrder } from "../../plugin/mod.ts";
import { type Phase, phasesOf } from "../../schedule.ts";
import {
  createTrainingState,
  restoreSnapshot,
  type Snapshot,
  type TrainingState,
  type TrainOptions,
} from "../../trainer/mod.ts";
import { expectBatches, expectMeasurements } from "./expect_batches.ts";
import { listSamples } from "../folder/list_samples.ts";
import { acquireRunLock } from "../folder/lock.ts";
import { setAsideAfter } from "../folder/set_aside.ts";
import { surplusSamples } from "../folder/thin_samples.ts";
import { loadCheckpointIfAny } from "../load_checkpoint.ts";
import type { Notices } from "../notices.ts";
import { stateOfMeta } from "../folder/folder_output.ts";
import { type RunFolder, writeRunConfig } from "../folder/run_folder.ts";
import { planRun, type PlanRunOptions } from "./plan_run.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { acceptDifferences } from "./resume_differences.ts";
import { RunError } from "../run_error.ts";
import { shellWord } from "../shell_word.ts";
import { isSameCode, runOutput } from "./run_output.ts";
import { withYoungerOptions } from "../spec/deciding_config.ts";
import { savedRun } from "../spec/run_spec.ts";
import { readSavedRun } from "../spec/saved_run.ts";
import type { Session } from "./session.ts";
import { expectEqualShares, expectSameRun } from "./share_run.ts";
import { trainingOptions } from "./training_options.ts";

/** Options of {@linkcode continueRun}. */
export interface ContinueOptions {
  /** Accepts differences that affect training. */
  force?: boolean;
  /** Plans the rest of the run from a budget; without it the run keeps its plan or schedule. */
  budget?: Pick<PlanRunOptions, "minutes" | "measure"> | undefined;
  /** imagesSeen of an earlier checkpoint to go back to; everything later is set aside. */
  at?: number | undefined;
}

/**
 * Takes a run's lock and restores its newest intact checkpoint; without any, the run starts over in
 * its folder.
 * @throws RunError where a difference from the checkpoint is refused
 */
export async function continueRun(
  prepared: PreparedRun,
  folder: RunFolder,
  { force = false, budget, at }: ContinueOptions = {},
): Promise<Session> {
  const { dataset: { info }, notices } = prepared;
  const lock = await acquireRunLock(folder.folder);
  let training: TrainingState | undefined;
  try {
    const checkpoint = await loadCheckpointIfAny(folder, at, notices, "resume");
    if (!checkpoint) {
      notices.warn(
        `${folder.id} has no checkpoint: it ended before its first checkpoint, or somebody ` +
          `deleted them. It starts again`,
      );
    } else await acceptDifferences(prepared, folder, checkpoint, { force, replans: !!budget });
    const planned = budget ? await planOn(prepared, checkpoint, budget) : prepared;
    training = createTrainingState(trainingOptions(planned, info));
    expectMeasurements(training, info);
    const interval = checkpoint ? await restore(planned, folder, training, checkpoint) : {};
    const { phases, counters: { imagesSeen } } = training; // plugins may have cut phases
    expectBatches(planned.spec.run, info, { phases, imagesSeen });
    expectEqualShares(training);
    await expectSameRun(planned, training);
    if (at !== undefined || !checkpoint) await goBack(folder, at, notices);
    await logThinning(planned, folder, training);
    await writeRunConfig(folder.folder, savedRun(planned.spec, info));
    const output = runOutput(planned, folder, training);
    for (const line of planned.told ?? []) training.outbox.log(line);
    return { prepared: planned, folder, training, output, interval, lock, resumed: true };
  } catch (error) {
    training?.dispose();
    lock.release();
    throw error;
  }
}

/**
 * Sets aside everything after the checkpoint that the run goes back to; without one, everything.
 */
async function goBack(
  { folder }: RunFolder,
  at: number | undefined,
  notices: Notices,
): Promise<void> {
  const { path, checkpoints, samples, points } = await setAsideAfter(folder, at ?? -1);
  if (checkpoints + samples + points === 0) return;
  notices.log(
    `Back at ${at ?? 0} images: later checkpoints (${checkpoints}), sample grids (${samples}) ` +
      `and points of the curves (${points}) are in ${path}`,
  );
}

/** Plans the rest of a run after a checkpoint; the whole run where there is none. */
async function planOn(
  prepared: PreparedRun,
  checkpoint: Checkpoint | undefined,
  budget: NonNullable<ContinueOptions["budget"]>,
): Promise<PreparedRun> {
  const past = checkpoint && pastOf(checkpoint);
  return (await planRun(prepared, { ...budget, ...(past ? { past } : {}) })).prepared;
}

/** A checkpoint's schedule and position. */
export function pastOf({ manifest: { meta } }: Checkpoint): NonNullable<Budget["past"]> {
  const { phases, counters: { imagesSeen } } = stateOfMeta(meta);
  return { phases, imagesSeen };
}

/** Logs once where a run of an older version, which kept all sample grids, will no longer do so. */
async function logThinning(
  { spec: { run: { keepSamples } } }: PreparedRun,
  folder: RunFolder,
  { outbox }: TrainingState,
): Promise<void> {
  const saved = await readSavedRun(folder, "resume");
  if (keepSamples === 0 || "keepSamples" in saved.run) return;
  const paths = await listSamples(folder.folder), going = surplusSamples(paths, keepSamples).length;
  outbox.log(
    `From now on at most ${keepSamples} sample grids are kept, evenly spread (--keep-samples; ` +
      `0 keeps all): ` +
      `${going} of ${paths.length} go when the next one is drawn`,
  );
}

/**
 * Restores a checkpoint into a training that was just created.
 * @returns the running means of the interval that was unfinished at the checkpoint
 */
export async function restore(
  prepared: PreparedRun,
  folder: RunFolder,
  training: TrainingState,
  checkpoint: Checkpoint,
): Promise<NonNullable<TrainOptions["interval"]>> {
  const { files, manifest: { meta } } = checkpoint;
  const state = stateOfMeta(meta), saved = await readSavedRun(folder, "resume");
  expectImagesAhead(prepared.spec.run, saved.run, state.counters.imagesSeen);
  const phases = phasesOn(prepared, checkpoint), plugins = statesOn(training, checkpoint);
  try {
    restoreSnapshot(training, { files, state: { ...state, phases, plugins } });
  } catch (error) {
    throw withNewRunAdvice(error, folder, checkpoint);
  }
  const { trainedSeconds } = meta.info;
  training.trainedSeconds = typeof trainedSeconds === "number" ? trainedSeconds : 0;
  return state.interval;
}

/** An error with what to do where a checkpoint's arrays don't fit; any other as it is. */
function withNewRunAdvice(
  error: unknown,
  { id }: RunFolder,
  { manifest: { imagesSeen } }: Checkpoint,
): unknown {
  if (!(error instanceof RangeError)) return error;
  return new RunError(
    `${error.message}. Its networks are no longer those of the checkpoint: call with the options, ` +
      `data and plugins that the run had. A new run can begin with the weights that still fit: ` +
      `deno task train --from ${shellWord(`${id}@${imagesSeen}`)}`,
    { cause: error },
  );
}

/**
 * The plugins' states for resuming from a checkpoint: the stored ones. For plugins that were added
 * or edited since, new fields start as in a new run; the edit itself is reported as a difference.
 */
function statesOn(
  training: TrainingState,
  { manifest: { meta } }: Checkpoint,
): Snapshot["state"]["plugins"] {
  const stored = stateOfMeta(meta).plugins;
  return Object.fromEntries(
    inOrder(training.plugins).map((member) => {
      const { plugin: { name }, context } = member;
      const own = Object.hasOwn(stored, name) ? stored[name] : undefined;
      const isKnown = own !== undefined && isSameCode(member, meta.versions);
      return [name, isKnown ? own : { ...context.state, ...own }];
    }),
  );
}

/**
 * The schedule for resuming from a checkpoint: the stored one, whose phases may have been cut,
 * unless the options or the data have changed the planned schedule.
 */
export function phasesOn(
  { spec, loaded, dataset: { info } }: Pick<PreparedRun, "spec" | "loaded" | "dataset">,
  { manifest: { meta } }: Checkpoint,
): Phase[] {
  const planned = phasesOf(planOf(spec.run, info.count));
  // the options of the version that wrote it, completed by defaults
  const options = withYoungerOptions(meta.config, inOrder(loaded)) as PlanOptions;
  const before = phasesOf(planOf(options, meta.dataset.count));
  return JSON.stringify(planned) === JSON.stringify(before) ? stateOfMeta(meta).phases : planned;
}

/** @throws RunError where a run is asked to end before its current position */
function expectImagesAhead({ images }: RunConfig, saved: RunConfig, imagesSeen: number): void {
  if (images === 0 || images === saved.images || images >= imagesSeen) return;
  throw new RunError(
    `Cannot resume until --images ${images}: expected at least ${imagesSeen}, which the run ` +
      `has seen already. ` +
      `Give more, or 0 for the whole schedule`,
  );
}
