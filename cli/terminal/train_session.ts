/** One session of a run from the command line: observers, signals, the dashboard, what is said at the end. */
import { relative } from "node:path";
import type { Backend } from "../../core/backend/mod.ts";
import type { Dataset } from "../../core/data.ts";
import type { Observer } from "../../core/events.ts";
import { inOrder } from "../../core/plugin/mod.ts";
import {
  folderObserver,
  type RunCommand,
  type RunCommands,
  type RunStore,
  storeObserver,
  tensorboardObserver,
} from "../../core/run/mod.ts";
import { messageOf } from "../../core/text.ts";
import { availableMemory, train, type TrainResult } from "../../core/trainer/mod.ts";
import { measureSwd } from "../../core/run/measure/measure.ts";
import { flatConfig, presetOf, type RunSpec } from "../../core/run/run_spec.ts";
import type { Session } from "../../core/run/session.ts";
import { type Dashboard, startDashboard } from "../start_dashboard.ts";
import { stopSignals } from "./stop_signals.ts";
import type { Status } from "./status.ts";
import { trainObserver } from "./train_observer.ts";
import { VERSION } from "../../core/run/version.ts";
import { writeProgress } from "../../core/run/write_progress.ts";
import { openStore, placeFlags, type RunPlaces } from "../../core/run/places.ts";

/** Flags that a session reads. */
export interface SessionFlags extends RunPlaces {
  json?: true;
  web?: true;
}

/** What a session happens in. */
export interface Around {
  flags: SessionFlags;
  spec: RunSpec;
  dataset: Dataset;
  status: Status;
  resumed: boolean;
}

/** Trains until the run ends or is stopped, and tells how to go on. */
export async function trainSession(session: Session, around: Around): Promise<void> {
  const { folder, training } = session;
  const { flags, spec, dataset, status } = around;
  const signals = stopSignals((name) =>
    status.log(`${name}: writing a checkpoint; once more ends at once`)
  );
  const after = around.resumed ? training.counters.imagesSeen : undefined;
  const inside = relative(Deno.cwd(), folder.folder);
  const shown = inside.startsWith("..") ? folder.folder : inside;
  const store = await openStore(flags).catch((error): undefined => {
    status.warn(
      `no run state in Deno KV: ${
        messageOf(error)
      }. Training goes on; the dashboard won't see this run.`,
    );
  });
  const observers: Observer[] = [
    ...(flags.json ? [] : [trainObserver({ folder: shown })]),
    await folderObserver(folder.folder, after),
    await tensorboardObserver(folder.folder, {
      backend: training.backend,
      ...(after === undefined ? {} : { resumedAt: after }),
    }),
    ...(store
      ? [stateObserver(store, session, around, () => signals.stop("the dashboard asked to stop"))]
      : []),
  ];
  if (!flags.json) {
    console.log(
      `${shown}: ${dataset.info.count} ${dataset.info.kind} of ${dataset.info.name}, ${training.backend.info.library}`,
    );
  }
  const dashboard = flags.web ? await openDashboard(flags, status) : undefined;
  const { metricsImages: images, metricsSplit: split, seed } = spec.run;
  const measuring = { images, split, seed, floors: new Map() };
  let result: TrainResult, animated = false;
  try {
    result = await train({
      training,
      dataset,
      output: session.output,
      observers,
      signal: signals.signal,
      interval: session.interval,
      config: flatConfig(spec),
      ...(onHost(training.backend) ? { availableMemory } : {}),
      measure: (training) => measureSwd(training, dataset, measuring),
    });
    animated = await writeProgress(folder.folder).catch((error) => {
      status.warn(`no progress.webp: ${messageOf(error)}`);
      return false;
    });
  } finally {
    signals.dispose();
    for (const observer of observers) await observer.close?.();
    await dashboard?.close();
    store?.close();
  }
  if (flags.json) {
    return console.log(JSON.stringify({ run: folder.id, folder: folder.folder, ...result }));
  }
  console.log(
    `${
      result.status === "finished" ? "Finished" : "Stopped"
    } at ${result.imagesSeen} images: ${result.reason}`,
  );
  const { resume, others } = commandsOf(session, flags);
  if (result.status === "stopped") console.log(`Go on:      ${resume}`);
  for (const { label, command } of others) console.log(`${label}:`.padEnd(12) + command);
  if (animated) console.log(`Growth:     ${shown}/progress.webp`);
}

/** A GPU's memory is not what the system says is free. */
function onHost({ info }: Backend): boolean {
  return !info.devices.some(({ kind }) => kind === "GPU");
}

function commandsOf(session: Session, places: RunPlaces): RunCommands {
  const id = session.folder.id + placeFlags(places);
  return {
    resume: `deno task train --resume ${id}`,
    remove: `deno task runs delete ${id}`,
    others: usesOf(session, id),
  };
}

/** What the run can be used for: drawing from latents, or what its plugin brings. */
function usesOf({ training }: Session, id: string): RunCommand[] {
  const { generate, latentSize, mix } = training.model;
  if (generate && latentSize !== undefined) {
    return [
      { label: "Draw more", command: `deno task sample --run ${id} --seeds 0-63` },
      ...(mix ? [{ label: "Mix styles", command: `deno task mix --run ${id}` }] : []),
    ];
  }
  const commands = inOrder(training.plugins).flatMap(({ plugin }) => plugin.commands ?? [])
    .filter(({ needsRun = true }) => needsRun);
  return commands.map(({ name }) => ({
    label: "Use it",
    command: `deno task ${name} --run ${id} --help`,
  }));
}

/** The dashboard beside training; without it training goes on, and says so. */
async function openDashboard(flags: SessionFlags, status: Status): Promise<Dashboard | undefined> {
  const { runs, kv } = flags;
  try {
    const options = { runs, ...(kv ? { kv } : {}), host: "127.0.0.1", port: 0, explore: false };
    const dashboard = await startDashboard(options, status);
    status.log(`Dashboard: ${dashboard.url}`);
    return dashboard;
  } catch (error) {
    status.warn(`no dashboard: ${messageOf(error)}`);
    return undefined;
  }
}

function stateObserver(
  store: RunStore,
  session: Session,
  { spec, flags }: Around,
  onStopRequested: () => void,
): Observer {
  const { folder, training } = session;
  const preset = presetOf(spec, training.plugins);
  return storeObserver(store, {
    ...(preset ? { preset } : {}),
    commands: commandsOf(session, flags),
    id: folder.id,
    folder: folder.folder,
    plugin: training.plugins.model.plugin.name,
    seed: training.run.seed,
    version: VERSION,
    onStopRequested,
  });
}
