/**
 * Reads a run's state from its folder: everything that the run store holds, except the content of
 * plugins' panels.
 */
import type { Manifest } from "../../checkpoint/manifest.ts";
import { planOf } from "../../config/mod.ts";
import { type Phase, phaseAt, phasesOf } from "../../schedule.ts";
import { readIdentity } from "../folder/identity.ts";
import { type LockHolder, lockHolder } from "../folder/lock.ts";
import { readLog } from "../folder/log_file.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import { readStats } from "../folder/stats_file.ts";
import { RATE } from "../observers/point_of.ts";
import { placeFlags, type RunPlaces } from "../places.ts";
import { flatConfig } from "../spec/deciding_config.ts";
import { plannedTimes } from "../spec/run_plan.ts";
import { modelOf, type SavedRun } from "../spec/run_spec.ts";
import { readSavedRun } from "../spec/saved_run.ts";
import { usualCommands } from "../store/run_commands.ts";
import {
  type CheckpointEntry,
  type LogLine,
  RUN_SCHEMA,
  type RunDetails,
  type RunHead,
  type SampleEntry,
  type SeriesPoint,
} from "../store/types.ts";
import { readCheckpoints } from "../folder/read_checkpoints.ts";
import { readSamples } from "./read_samples.ts";

/** A run's state, as read from its folder. */
export interface FolderState {
  head: RunHead;
  details: RunDetails;
  points: SeriesPoint[];
  lines: LogLine[];
  samples: SampleEntry[];
  checkpoints: CheckpointEntry[];
}

/**
 * Reads a run's folder. Hashes are not verified here, but when a checkpoint is loaded.
 * @param places used in the run's suggested commands
 * @throws RunError where its config.json is missing or not as `train` wrote it
 */
export async function readFolderState(
  folder: RunFolder,
  places: RunPlaces,
): Promise<FolderState> {
  const saved = await readSavedRun(folder, "rebuild the state of");
  const [identity, holder, points, lines, read] = await Promise.all([
    readIdentity(folder.folder),
    lockHolder(folder.folder),
    readStats(folder.folder),
    readLog(folder.folder),
    readCheckpoints(folder.folder),
  ]);
  const newest = read.at(-1)?.manifest;
  const phases = newest?.meta.phases ?? phasesOf(planOf(saved.run, saved.dataset.count));
  const samples = await readSamples(folder.folder, phases);
  const checkpoints = read.map(({ entry }) => entry);
  const facts = { folder, saved, identity, holder, phases, newest, points, lines, samples };
  return {
    head: headOf(facts),
    details: detailsOf(facts, places),
    ...{ points, lines, samples, checkpoints },
  };
}

interface Facts {
  folder: RunFolder;
  saved: SavedRun;
  identity: string | undefined;
  holder: LockHolder | "unknown" | null;
  phases: Phase[];
  newest: Manifest | undefined;
  points: readonly SeriesPoint[];
  lines: readonly LogLine[];
  samples: readonly SampleEntry[];
}

/**
 * The head of a run. If its log has no end, its process died: the head then says "running", with a
 * heartbeat at the time of the last entry.
 */
function headOf(facts: Facts): RunHead {
  const { folder, saved, identity, holder, phases, newest, points, lines, samples } = facts;
  const sessions = lines.filter(({ message }) =>
    /^(Started|Resumed at \d+ images): /.test(message)
  );
  const last = lines.findLast(({ message }) => {
    return /^(Started|Resumed at \d+ images|Finished|Stopped|Failed): /.test(message);
  });
  const word = /^\w+/.exec(last?.message ?? "")?.[0]?.toLowerCase();
  const status = word === "finished" || word === "stopped" || word === "failed" ? word : "running";
  const imagesSeen = Math.max(newest?.imagesSeen ?? 0, points.at(-1)?.imagesSeen ?? 0);
  const { phase, alpha } = phaseAt(phases, imagesSeen);
  const end = phases.at(-1)?.end ?? 0;
  const rate = points.findLast(({ values }) => values[RATE] !== undefined);
  const times = [...lines, ...points].map(({ time }) => time);
  const lastTime = times.reduce((a, b) => Math.max(a, b), 0);
  const { trainedSeconds } = newest?.meta.info ?? {};
  const planned = plannedTimes(saved.plan);
  return {
    schema: RUN_SCHEMA,
    id: folder.id,
    folder: folder.folder,
    ...(identity === undefined ? {} : { identity }),
    plugin: modelOf(saved).name,
    data: saved.dataset.name,
    status,
    pid: holder !== null && holder !== "unknown" ? holder.pid : 0,
    phaseIndex: phase.index,
    resolution: phase.resolution,
    phaseKind: phase.kind,
    alpha,
    imagesSeen,
    imagesTotal: saved.run.images > 0 ? Math.min(saved.run.images, end) : end,
    imagesPerSecond: rate?.values[RATE] ?? 0,
    etaSeconds: null,
    ...(planned ? { secondsPerImage: Object.fromEntries(planned) } : {}),
    startedAt: sessions[0]?.time ?? times[0] ?? 0,
    heartbeatAt: lastTime,
    endedAt: status === "running" ? null : last?.time ?? lastTime,
    trainedSeconds: typeof trainedSeconds === "number" ? trainedSeconds : 0,
    seed: saved.run.seed,
    latestSample: samples.at(-1)?.path ?? null,
    warnings: lines.filter(({ level }) => level === "warning").length,
    error: status === "failed" ? last?.message.replace(/^Failed: /, "") ?? null : null,
    sessions: Math.max(1, sessions.length),
  };
}

/** The details of a run. Of the machine, only the fingerprint is known. */
function detailsOf({ folder, saved, phases, newest }: Facts, places: RunPlaces): RunDetails {
  const { machine, run } = saved, { fingerprint = {}, versions = {} } = newest?.meta ?? {};
  const library = versions.backend ?? "";
  const name =
    (["tensorflow", "webgpu", "wasm"] as const).find((name) =>
      library.toLowerCase().includes(name)
    ) ?? "cpu";
  const id = folder.id + placeFlags(places);
  return {
    config: flatConfig(saved),
    phases,
    backend: {
      name: machine.backend === "auto" ? name : machine.backend,
      precision: run.precision === "bfloat16" ? "bfloat16" : "float32",
      library: library || "unknown",
      origin: "the run's folder",
      threads: machine.threads,
      devices: [],
      fingerprint,
    },
    dataset: { ...saved.dataset, skippedCount: 0 },
    version: saved.version,
    commands: usualCommands(id),
  };
}
