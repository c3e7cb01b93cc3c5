/** A run that can be trained: started anew, or resumed. */
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

/** How to train; everything has a default. */
export interface TrainRunOptions {
  /** Aborting it checkpoints at the next step and ends the session as "stopped". */
  signal?: AbortSignal;
  /** Told of every event, in order, before the run's folder and Deno KV are. */
  observers?: readonly Observer[];
  /** Where processes train together: how they do, for the curves. */
  workers?: TrainOptions["workers"];
}

/** How a session ended, and what it left. */
export interface TrainRunResult extends TrainResult {
  /** Path of an animation of the samples so far, where there are two grids. */
  animation?: string;
}

/** A run whose lock this process holds; it can be drawn from before, between and after sessions. */
export interface TrainingRun<M extends Model = Model> extends Run<M> {
  /** Whether an earlier process trained it. */
  readonly resumed: boolean;
  /** Commands that go on with it. */
  readonly commands: RunCommands;
  /**
   * Trains until the run ends or is stopped; called again, a stopped one goes on.
   * @throws DivergedError where a loss is not finite, PluginError where a plugin fails
   */
  train(options?: TrainRunOptions): Promise<TrainRunResult>;
}

/** A run that holds its lock until it is disposed of. */
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
  const commands = suggestedCommands(id, training, places);
  const own = { session, places, commands, run };
  return Object.assign(run, {
    resumed,
    commands,
    train: (options: TrainRunOptions = {}) => trainRun(own, options),
  });
}

/** What a session of training reads. */
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

/** What an observer could not write in the end, the run did without, too. */
async function closeObserver(observer: Observer, notices: Notices): Promise<void> {
  try {
    await observer.close?.();
  } catch (error) {
    notices.warn(`${observer.name} lacks its end: ${messageOf(error)}`);
  }
}

/**
 * A store that doesn't know a run that goes on was lost: it learns from the folder what came
 * before.
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
 * The running means of the last checkpoint: of an earlier process, or of the session before in this
 * one.
 */
async function intervalOf({ folder, saved, interval }: Session): Promise<Session["interval"]> {
  if (saved === undefined) return interval;
  const bytes = await Deno.readFile(join(folder.folder, saved, MANIFEST_NAME));
  return stateOfMeta(upgraded(decodeManifest(bytes)).meta).interval;
}

/** A GPU's memory is not what the system says is free. */
function onHost({ info }: Backend): boolean {
  return !info.devices.some(({ kind }) => kind === "GPU");
}
