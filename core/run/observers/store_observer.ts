/**
 * Writes a run's state to the run store for the dashboard: a head with a heartbeat, curves, samples
 * and log.
 */
import { findCheckpoints } from "../../checkpoint/mod.ts";
import { countSkipped } from "../../data.ts";
import type { Observer, RunEvent } from "../../events.ts";
import { phaseAt, type Position } from "../../schedule.ts";
import { readIdentity } from "../folder/identity.ts";
import { listSamples } from "../folder/list_samples.ts";
import { usualCommands } from "../store/run_commands.ts";
import type {
  LogLine,
  PanelEntry,
  RunCommands,
  RunDetails,
  RunHead,
  RunStore,
  SeriesPoint,
} from "../store/types.ts";
import { RUN_SCHEMA } from "../store/types.ts";
import { readCheckpoints } from "../folder/read_checkpoints.ts";
import { logLinesOf } from "./log_lines.ts";
import { pointOf } from "./point_of.ts";

/** Facts about the run that are not in its events. */
export interface StoreObserverOptions {
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  plugin: string;
  seed: number;
  version: string;
  /** The preset that the run was started with. */
  preset?: NonNullable<RunDetails["preset"]>;
  /** Command lines for users to copy. Default: those of a run in the default folder. */
  commands?: RunCommands;
  /** Milliseconds between heartbeats. Default 1,000. */
  heartbeat?: number;
  /**
   * Called at heartbeats and at the end: where the store's file was replaced, opens the new store
   * and fills it from the run's folder.
   */
  renew?(): Promise<RunStore | undefined>;
  /** Called once when a reader has requested a stop. */
  onStopRequested(): void;
  /** The current time, milliseconds since 1970; for tests. */
  now?(): number;
}

/**
 * Heartbeats are sent with the run's own ticks, so that a run that hangs becomes stale. An event
 * that could not be written may be sent again: its parts already written are not written twice.
 * @param from the store, or a function that opens it; a store opened here is closed with the
 * observer
 */
export function storeObserver(
  from: RunStore | (() => Promise<RunStore>),
  options: StoreObserverOptions,
): Observer {
  const { id, heartbeat = 1000, now = Date.now } = options;
  let opened: RunStore | undefined, renewed: RunStore | undefined, details: RunDetails | undefined;
  let beat = 0, warnings = 0, latest: Partial<RunHead> = {};
  let points: SeriesPoint[] = [], lines: LogLine[] = [];
  // the head left by earlier sessions; undefined before it is read
  let before: RunHead | null | undefined;
  let asked = false;
  const absorbed = new WeakSet<RunEvent>();
  const due = () => Math.abs(now() - beat) >= heartbeat; // also true where the clock was set back

  async function open(event: RunEvent): Promise<RunStore> {
    const store = renewed ?? (typeof from === "function" ? opened ??= await from() : from);
    if (event.type === "start" || event.type !== "end" && !due()) return store;
    const fresh = await options.renew?.();
    if (!fresh) return store;
    renewed?.close();
    renewed = fresh;
    // the new store read them from the folder, whose observer gets each event first
    [points, lines] = [[], []];
    if (details) await fresh.describe(id, details);
    return fresh;
  }

  /** Collects an event's points and log lines, once per event. */
  function absorb(event: RunEvent): void {
    if (absorbed.has(event)) return;
    absorbed.add(event);
    const own = logLinesOf(event);
    lines.push(...own);
    warnings += own.filter((line) => line.level === "warning").length;
    const point = pointOf(event);
    if (point) points.push(point);
  }

  async function flush(store: RunStore, change: Partial<RunHead>): Promise<void> {
    if (points.length > 0) await store.appendSeries(id, points);
    points = [];
    await store.update(id, { ...latest, ...change, heartbeatAt: now() });
    beat = now();
    latest = {};
    if (!asked && await store.stopRequested(id)) {
      asked = true;
      options.onStopRequested();
    }
  }

  async function start(store: RunStore, event: RunEvent & { type: "start" }): Promise<void> {
    const identity = await readIdentity(options.folder);
    if (before === undefined) before = await headBefore(store, event.imagesSeen, identity);
    warnings = before?.warnings ?? 0;
    const { skipped, ...dataset } = event.dataset;
    const head: RunHead = {
      schema: RUN_SCHEMA,
      id,
      folder: options.folder,
      ...(identity === undefined ? {} : { identity }),
      plugin: options.plugin,
      data: event.dataset.name,
      status: "running",
      pid: Deno.pid,
      ...headOf(phaseAt(event.phases, event.imagesSeen)),
      imagesSeen: event.imagesSeen,
      imagesTotal: event.imagesTotal,
      imagesPerSecond: before?.imagesPerSecond ?? 0,
      etaSeconds: null,
      ...(before?.secondsPerImage ? { secondsPerImage: before.secondsPerImage } : {}),
      startedAt: before?.startedAt ?? now(),
      heartbeatAt: now(),
      endedAt: null,
      trainedSeconds: before?.trainedSeconds ?? 0,
      seed: options.seed,
      latestSample: before?.latestSample ?? null,
      warnings,
      error: null,
      sessions: (before?.sessions ?? 0) + 1,
    };
    details = {
      config: event.config,
      phases: event.phases.slice(),
      backend: event.backend,
      dataset: { ...dataset, skippedCount: countSkipped(skipped) },
      version: options.version,
      ...(options.preset ? { preset: options.preset } : {}),
      commands: options.commands ?? usualCommands(id),
    };
    if (!await store.head(id)) await store.create(head, details);
    else {
      await store.describe(id, details);
      await store.clearStop(id);
      await store.rewind(id, event.imagesSeen);
      await forgetMissing(store);
      const { schema: _schema, id: _id, ...change } = head;
      await store.update(id, change);
    }
    await listCheckpoints(store);
    await declarePanels(store, event.panels);
  }

  /** Removes sample grids from the store that were deleted while the store could not be written. */
  async function forgetMissing(store: RunStore): Promise<void> {
    const there = new Set(await listSamples(options.folder));
    const missing = (await store.samples(id)).filter(({ path }) => !there.has(path));
    if (missing.length > 0) await store.removeSamples(id, missing.map(({ path }) => path));
  }

  /**
   * Synchronizes the store's checkpoints with the folder: some may have been written, removed or
   * set aside without the store.
   */
  async function listCheckpoints(store: RunStore): Promise<void> {
    await forgetCheckpoints(store);
    const known = new Map((await store.checkpoints(id)).map((c) => [c.imagesSeen, c.digest]));
    for (const { entry } of await readCheckpoints(options.folder)) {
      if (known.get(entry.imagesSeen) !== entry.digest) await store.addCheckpoint(id, entry);
    }
  }

  /** Removes checkpoints from the store that are no longer in the folder. */
  async function forgetCheckpoints(store: RunStore): Promise<void> {
    const there = new Set((await findCheckpoints(options.folder)).map((c) => c.imagesSeen));
    for (const { imagesSeen } of await store.checkpoints(id)) {
      if (!there.has(imagesSeen)) await store.removeCheckpoint(id, imagesSeen);
    }
  }

  /**
   * The head left by earlier sessions. Where a new run starts, deletes what another run of the same
   * name left.
   */
  async function headBefore(
    store: RunStore,
    imagesSeen: number,
    identity?: string,
  ): Promise<RunHead | null> {
    const before = await store.head(id);
    if (!before || imagesSeen > 0 || before.identity === identity) return before;
    await store.delete(id);
    return null;
  }

  /**
   * Declares panels, so that they are visible before they have data; those of a resumed run keep
   * their data.
   */
  async function declarePanels(
    store: RunStore,
    panels: (RunEvent & { type: "start" })["panels"],
  ): Promise<void> {
    const before = await store.panels(id);
    for (const { plugin, name, panel } of panels) {
      const known = before.find((p) =>
        p.plugin === plugin && p.name === name && p.kind === panel.kind
      );
      const kept = known ?? { data: null, imagesSeen: 0, time: now() };
      // data of the same kind, or none
      await store.setPanel(id, { ...kept, ...panel, plugin, name } as PanelEntry);
    }
  }

  return {
    name: "The run store (Deno KV)",
    async on(event) {
      absorb(event);
      const store = await open(event);
      if (event.type === "start") await start(store, event);
      if (lines.length > 0) await store.appendLog(id, lines);
      lines = [];
      switch (event.type) {
        case "tick": {
          const { imagesSeen, imagesPerSecond, etaSeconds, secondsPerImage } = event;
          const pace = { imagesPerSecond, etaSeconds, secondsPerImage };
          latest = { ...latest, imagesSeen, ...pace, ...headOf(event.position) };
          if (due()) await flush(store, {});
          return;
        }
        case "progress": {
          const { imagesTotal, trainedSeconds } = event;
          latest = { ...latest, imagesTotal, trainedSeconds, warnings };
          if (due()) await flush(store, {});
          return;
        }
        case "schedule":
          if (details) await store.describe(id, { ...details, phases: event.phases.slice() });
          return await flush(store, { imagesTotal: event.imagesTotal });
        case "phase":
          return await flush(store, headOf(event.position));
        case "samples":
          await store.addSample(id, event.entry);
          if (event.removed.length > 0) await store.removeSamples(id, event.removed);
          return await flush(store, { latestSample: event.entry.path });
        case "checkpoint":
          await store.addCheckpoint(id, event.entry);
          return await forgetCheckpoints(store);
        case "panel":
          return await store.setPanel(id, event.entry);
        case "end":
          return await flush(store, {
            status: event.status,
            imagesSeen: event.imagesSeen,
            endedAt: now(),
            warnings,
            error: event.status === "failed" ? event.reason : null,
          });
      }
    },
    close() {
      renewed?.close();
      opened?.close();
    },
  };
}

function headOf(
  { phase, alpha }: Position,
): Pick<RunHead, "phaseIndex" | "resolution" | "phaseKind" | "alpha"> {
  return { phaseIndex: phase.index, resolution: phase.resolution, phaseKind: phase.kind, alpha };
}
