/** A run that can be trained, whether new or resumed. */
import type { Backend } from "../../backend/types.ts";
import { decodeManifest, MANIFEST_NAME } from "../../checkpoint/manifest.ts";
import { upgraded } from "../../checkpoint/schema_1.ts";
import type { Observer } from "../../events.ts";
import type { Model } from "../../plugin/mod.ts";
import { messageOf } from "../../text.ts";
import { availableMemory } from "../../backend/memory.ts";
import { createGrowthGuard, relativeTimesOf } from "../../rehearsal/mod.ts";
import { optionsOf, train, type TrainOptions, type TrainResult } from "../../trainer/mod.ts";
import { flatConfig } from "../spec/deciding_config.ts";
import { createChartMeasures } from "../measure/measure_charts.ts";
import { stateOfMeta } from "../folder/folder_output.ts";
import { keptNotices, type Notices } from "../notices.ts";
import { folderObserver } from "../observers/folder_observer.ts";
import { storeObserver } from "../observers/store_observer.ts";
import { tensorboardObserver } from "../observers/tensorboard_observer.ts";
import { openStore, type RunPlaces } from "../places.ts";
import { presetOf } from "../spec/resolve_options.ts";
import { createRun, type Run } from "../run.ts";
import { plannedTimes } from "../spec/run_plan.ts";
import { modelOf } from "../spec/run_spec.ts";
import type { Session } from "./session.ts";
import type { RunCommands, RunStore } from "../store/types.ts";
import { addUnknown } from "../sync/sync_run.ts";
import { agreementOf } from "./share_run.ts";
import { createStoreRenewal } from "./renew_store.ts";
import { suggestedCommands } from "./suggested_commands.ts";
import { VERSION } from "../version.ts";
import { writeProgress } from "./write_progress.ts";
import { join } from "node:path";

/** How to train; all options have defaults. */
export interface TrainRunOptions {
  /** When aborted, the session writes a checkpoint at the next step and ends as "stopped". */
  signal?: AbortSignal;
  /** They get every event, in order, before the run's folder and Deno KV. */
  observers?: readonly Observer[];
  /** In distributed training: the workers' pace, for the curves. */
  workers?: TrainOptions["workers"];
}

/** Result of a session. */
export interface TrainRunResult extends TrainResult {
  /** Path of an animation of all samples so far, if there are at least two grids. */
  animation?: string;
}

/** A run whose lock this process holds. Images can be drawn before, between and after sessions. */
export interface TrainingRun<M extends Model = Model> extends Run<M> {
  /** Whether an earlier process has trained it. */
  readonly resumed: boolean;
  /** Suggested commands to resume, use or delete it. */
  readonly commands: RunCommands;
  /**
   * Trains until the run is finished or stopped; call it again to continue a stopped run.
   * @throws DivergedError where a loss is not finite, PluginError where a plugin fails
   */
  train(options?: TrainRunOptions): Promise<TrainRunResult>;
}

/** Creates a run that holds its lock until it is disposed. */
export function createTrainingRun(session: Session, places: RunPlaces): TrainingRun {
  const { prepared } = session, { spec, loaded, dataset, backend } = prepared;
  const { folder: { id, folder }, training, lock, resumed } = session;
  const run = createRun({
    id,
    folder,
    spec,
    loaded,
    training,
    dataset: dataset.info,
    backend,
    notices: keptNotices(prepared.notices),
    dispose() {
      dataset.close();
      lock.release();
      training.dispose();
    },
  });
  const commands = suggestedCommands(id, training, places, spec);
  const own = { session, places, commands, run };
  return Object.assign(run, {
    resumed,
    commands,
    train: (options: TrainRunOptions = {}) => trainRun(own, options),
  });
}

interface RunInTraining {
  session: Session;
  places: RunPlaces;
  commands: RunCommands;
  run: Run;
}

async function trainRun(
  { session, places, commands, run }: RunInTraining,
  options: TrainRunOptions,
): Promise<TrainRunResult> {
  const { spec, dataset, loaded } = session.prepared;
  const { training, output, folder: { id, folder } } = session, { notices } = run;
  const resumedAt = session.resumed ? training.counters.imagesSeen : undefined;
  const dashboardStop = new AbortController();
  const signals = [dashboardStop.signal, ...(options.signal ? [options.signal] : [])];
  const open = () => openForRun(session, places, notices);
  const store = await open().catch((error): undefined => {
    notices.warn(
      `no run state in Deno KV: ${
        messageOf(error)
      }. Training goes on, and tries it again; the dashboard sees this run when that works.`,
    );
  });
  const preset = presetOf(spec, loaded);
  const observers: Observer[] = [...(options.observers ?? [])];
  const { metricsImages: images, metricsSplit: split, seed, flip } = spec.run;
  const measures = createChartMeasures(dataset, { images, split, seed, flip }, notices);
  const agree = agreementOf(training.backend);
  try {
    observers.push(await folderObserver(folder, resumedAt));
    const tensorboard = await tensorboardObserver(folder, {
      ...(resumedAt === undefined ? {} : { resumedAt }),
      dense: Math.ceil(spec.run.keepSamples / 4),
    });
    const state = storeObserver(store ?? open, {
      ...(preset ? { preset } : {}),
      commands,
      id,
      folder,
      plugin: modelOf(spec).name,
      seed: training.run.seed,
      version: VERSION,
      renew: createStoreRenewal(session.folder, places, notices),
      onStopRequested: () => dashboardStop.abort(new Error("the dashboard asked to stop")),
    });
    observers.push(tensorboard, state);
    const result = await train({
      training,
      dataset,
      output,
      observers,
      signal: AbortSignal.any(signals),
      interval: await intervalOf(session),
      config: flatConfig(spec),
      ...(agree ? { agree } : {}),
      ...(options.workers ? { workers: options.workers } : {}),
      ...(onHost(training.backend) && !agree
        ? { growthGuard: createGrowthGuard(training, dataset, availableMemory) }
        : {}),
      relativeTimes: plannedTimes(spec.plan) ?? relativeTimesOf(optionsOf(training)),
      measure: measures.measure,
    });
    Object.assign(session, { resumed: true, saved: result.path });
    const [animation] = await writeProgress(folder, spec.run.progress).catch((error) => {
      notices.warn(`no animation of the samples: ${messageOf(error)}`);
      return [];
    });
    return { ...result, ...(animation ? { animation: join(folder, animation) } : {}) };
  } finally {
    measures.dispose();
    for (const observer of observers) await closeObserver(observer, notices);
    store?.close();
  }
}

/** Closes an observer; a failure is only a warning, as during training. */
async function closeObserver(observer: Observer, notices: Notices): Promise<void> {
  try {
    await observer.close?.();
  } catch (error) {
    notices.warn(`${observer.name} lacks its end: ${messageOf(error)}`);
  }
}

/**
 * Opens the run store. If it doesn't know a resumed run, it is a new store: the run's state is
 * rebuilt from its folder.
 */
async function openForRun(
  { folder, resumed }: Session,
  places: RunPlaces,
  notices: Notices,
): Promise<RunStore> {
  const store = await openStore(places);
  try {
    if (resumed && await addUnknown(store, folder, places)) {
      notices.log(`Deno KV did not know ${folder.id}: its state is rebuilt from its folder`);
    }
  } catch (error) {
    notices.warn(`Deno KV lacks what ${folder.id} was before: ${messageOf(error)}`);
  }
  return store;
}

/**
 * The running means at the last checkpoint, from an earlier process or an earlier session in this
 * one.
 */
async function intervalOf({ folder, saved, interval }: Session): Promise<Session["interval"]> {
  if (saved === undefined) return interval;
  const bytes = await Deno.readFile(join(folder.folder, saved, MANIFEST_NAME));
  return stateOfMeta(upgraded(decodeManifest(bytes)).meta).interval;
}

/** Whether all computing is on the host: the system's free memory says nothing about a GPU's. */
function onHost({ info }: Backend): boolean {
  return !info.devices.some(({ kind }) => kind === "GPU");
}
