/** From a run's specification to a training that is ready to train. */
import type { Backend } from "../backend/mod.ts";
import {
  type Checkpoint,
  compareForResume,
  loadNewestIntact,
  type ResumeDifference,
} from "../checkpoint/mod.ts";
import { planOf, type RunConfig } from "../config/mod.ts";
import type { Dataset, DatasetInfo } from "../data.ts";
import { inOrder, mapPlugins, type RunPlugins } from "../plugin/mod.ts";
import {
  acquireRunLock,
  createRunFolder,
  folderOutput,
  type OutputMeta,
  type RunFolder,
  type RunLock,
  stateOfMeta,
  writeRunConfig,
} from "./mod.ts";
import { phasesOf } from "../schedule.ts";
import { messageOf } from "../text.ts";
import {
  createTrainingState,
  restoreSnapshot,
  type RunOutput,
  type TrainingState,
  type TrainingStateOptions,
  type TrainOptions,
} from "../trainer/mod.ts";
import { RunError } from "./run_error.ts";
import { expectMeasurable } from "./measure/measure.ts";
import { decidingConfig, type RunSpec, savedRun, withYoungerOptions } from "./run_spec.ts";
import { readSavedRun } from "./saved_run.ts";
import type { Notices } from "./notices.ts";
import { VERSION } from "./version.ts";

/** A training's options. */
export function trainingOptions(
  spec: RunSpec,
  loaded: RunPlugins,
  dataset: Dataset["info"],
  backend: Backend,
): TrainingStateOptions {
  return {
    run: spec.run,
    plugins: mapPlugins(loaded, (p) => ({ ...p, config: spec.options[p.plugin.name] ?? {} })),
    dataset,
    backend,
  };
}

/** A run that holds its lock. */
export interface Session {
  folder: RunFolder;
  training: TrainingState;
  output: RunOutput;
  interval: NonNullable<TrainOptions["interval"]>;
  lock: RunLock;
  /** Differences to the checkpoint that were accepted. */
  differences: ResumeDifference[];
}

/** Everything that a session is made of. */
export interface SessionOptions {
  spec: RunSpec;
  loaded: RunPlugins;
  dataset: Dataset;
  backend: Backend;
  notices: Notices;
}

/** Makes the folder of a new run and takes its lock. */
export async function newSession(
  options: SessionOptions,
  place: { runs: string; name: string | undefined },
): Promise<Session> {
  const { spec, loaded, dataset, backend } = options;
  expectBatches(spec.run, dataset.info);
  const training = createTrainingState(trainingOptions(spec, loaded, dataset.info, backend));
  expectMeasurements(training, dataset.info);
  const folder = await createRunFolder(place.runs, {
    plugin: loaded.model.plugin.name,
    data: place.name ?? dataset.info.name,
  });
  const lock = await acquireRunLock(folder.folder);
  await writeRunConfig(folder.folder, savedRun(spec, dataset.info));
  return {
    folder,
    training,
    output: outputOf(options, folder, training),
    interval: {},
    lock,
    differences: [],
  };
}

/**
 * Looks at every phase before the first one starts.
 * @throws RunError where the data can't fill a batch that the run will want
 */
export function expectBatches(run: RunConfig, { count }: Pick<DatasetInfo, "count">): void {
  const phases = phasesOf(planOf(run, count)).filter(({ start }) =>
    start < (run.images || Infinity)
  );
  const short = phases.find(({ batchSize }) => batchSize > count);
  if (!short) return;
  const { batchSize, resolution } = short;
  throw new RunError(
    `Cannot fill a batch at ${resolution} px: expected at least ${batchSize} images to train on, received ${count}. ` +
      `Add images, or pass a smaller --batch`,
  );
}

/** @throws RunError where the run is to be measured as it trains, and can't be */
function expectMeasurements(training: TrainingState, info: DatasetInfo): void {
  const { metricsEvery, metricsSplit } = training.run;
  if (metricsEvery === 0) return;
  try {
    expectMeasurable(training, info, metricsSplit);
  } catch (error) {
    throw new RunError(`--metrics-every ${metricsEvery}: ${messageOf(error)}. Leave it out`);
  }
}

/** @throws RunError where a run shall end before where it stands */
function expectImagesAhead({ images }: RunConfig, saved: RunConfig, imagesSeen: number): void {
  if (images === 0 || images === saved.images || images >= imagesSeen) return;
  throw new RunError(
    `Cannot resume until --images ${images}: expected at least ${imagesSeen}, which the run has seen already. ` +
      `Give more, or 0 for the whole schedule`,
  );
}

/**
 * Takes a run's lock and restores its newest intact checkpoint; without any the run starts again in its folder.
 * @param force accepts differences that change what is learned
 * @throws RunError where a difference is refused
 */
export async function resumedSession(
  options: SessionOptions,
  folder: RunFolder,
  force: boolean,
): Promise<Session> {
  const { spec, loaded, dataset, backend, notices } = options;
  const lock = await acquireRunLock(folder.folder);
  try {
    const checkpoint = await loadNewestIntact(folder.folder, {
      onSkipped: (path, reason) => notices.warn(`${path} is not used: ${reason}`),
    });
    const training = createTrainingState(trainingOptions(spec, loaded, dataset.info, backend));
    expectMeasurements(training, dataset.info);
    const output = outputOf(options, folder, training);
    if (!checkpoint) {
      notices.warn(`${folder.id} ended before its first checkpoint: it starts again`);
      await writeRunConfig(folder.folder, savedRun(spec, dataset.info));
      return { folder, training, output, interval: {}, lock, differences: [] };
    }
    const state = stateOfMeta(checkpoint.manifest.meta);
    const differences = checkDifferences(options, folder, checkpoint, force);
    const saved = await readSavedRun(folder, "resume");
    expectImagesAhead(spec.run, saved.run, state.counters.imagesSeen);
    const planned = phasesOf(planOf(spec.run, dataset.info.count));
    const before = phasesOf(planOf(saved.run, checkpoint.manifest.meta.dataset.count));
    if (JSON.stringify(planned) !== JSON.stringify(before)) {
      state.phases = planned;
    }
    restoreSnapshot(training, { files: checkpoint.files, state });
    const { trainedSeconds } = checkpoint.manifest.meta.info;
    training.trainedSeconds = typeof trainedSeconds === "number" ? trainedSeconds : 0;
    await writeRunConfig(folder.folder, savedRun(spec, dataset.info));
    return { folder, training, output, interval: state.interval, lock, differences };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function checkDifferences(
  options: SessionOptions,
  folder: RunFolder,
  checkpoint: Checkpoint,
  force: boolean,
): ResumeDifference[] {
  const { meta } = checkpoint.manifest;
  const saved = { ...meta, config: withYoungerOptions(meta.config, inOrder(options.loaded)) };
  const now = { ...metaOf(options), phases: saved.phases }; // options decide the phases; they are compared
  const differences = compareForResume(saved, now);
  const lines = differences.map((d) =>
    `  ${d.field}: ${JSON.stringify(d.saved)} → ${JSON.stringify(d.now)}`
  );
  const refused = differences.filter((d) =>
    d.severity === "refuse" || (d.severity === "force" && !force)
  );
  if (refused.length > 0) {
    const forcible = refused.every((d) => d.severity === "force");
    throw new RunError(
      `Cannot resume ${folder.id}: expected what the checkpoint was made with, received\n${
        lines.join("\n")
      }\n` +
        (forcible
          ? "Call with the old values, or with --force to go on with the new ones (the run is then not exact)."
          : "Start a new run for this."),
    );
  }
  if (differences.length > 0) options.notices.warn(`resuming is not exact:\n${lines.join("\n")}`);
  return differences;
}

function metaOf({ spec, loaded, dataset, backend }: SessionOptions): OutputMeta {
  return {
    plugins: inOrder(loaded).map(({ plugin }) => plugin.name),
    config: decidingConfig(spec, inOrder(loaded)),
    seed: spec.run.seed,
    dataset: { name: dataset.info.name, digest: dataset.info.digest, count: dataset.info.count },
    fingerprint: backend.info.fingerprint,
    versions: { cambium: VERSION, backend: backend.info.library },
  };
}

function outputOf(options: SessionOptions, folder: RunFolder, training: TrainingState): RunOutput {
  return folderOutput(folder.folder, {
    meta: metaOf(options),
    keepCheckpoints: options.spec.run.keepCheckpoints,
    info: () => ({ trainedSeconds: training.trainedSeconds }),
    onDamaged: (path, reason) =>
      training.outbox.warn("checkpoint-damaged", `${path} is damaged: ${reason}`),
  });
}
