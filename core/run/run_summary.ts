/** Summarizes a run's state from its folder and Deno KV. */
import { findCheckpoints, readManifest } from "../checkpoint/mod.ts";
import { planOf } from "../config/mod.ts";
import { lockHolder, readStats, type RunFolder, type RunHead } from "./mod.ts";
import { type Phase, phaseAt, phasesOf } from "../schedule.ts";
import { RATE } from "./observers/point_of.ts";
import { readSavedRun } from "./spec/saved_run.ts";
import type { SavedRun } from "./spec/run_spec.ts";
import { messageOf } from "../text.ts";

/** A run as a row of a table. */
export interface RunSummary {
  id: string;
  folder: string;
  plugin: string;
  data: string;
  /**
   * "stale": running according to KV, but no process holds its lock. "empty": no checkpoint yet.
   */
  status: "running" | "stopped" | "finished" | "failed" | "stale" | "empty" | "unreadable";
  resolution: number | null;
  phase: Phase["kind"] | null;
  alpha: number | null;
  imagesSeen: number;
  imagesTotal: number | null;
  imagesPerSecond: number | null;
  /** Digest of the newest checkpoint; not verified here. */
  digest: string | null;
  checkpoints: number[]; // images seen
  /** Why it failed, or is unreadable. */
  error: string | null;
}

/**
 * Summarizes a run, as "unreadable" where it is damaged, so that the other runs are still listed.
 * @param head the run's entry in Deno KV, if any
 */
export async function summarize(folder: RunFolder, head: RunHead | null): Promise<RunSummary> {
  try {
    return await summarizeReadable(folder, head);
  } catch (error) {
    const { id, plugin, data } = folder;
    return {
      ...{ id, folder: folder.folder, plugin, data, status: "unreadable" },
      ...{ resolution: null, phase: null, alpha: null, imagesSeen: head?.imagesSeen ?? 0 },
      ...{ imagesTotal: null, imagesPerSecond: null, digest: null, checkpoints: [] },
      error: messageOf(error),
    };
  }
}

async function summarizeReadable(folder: RunFolder, head: RunHead | null): Promise<RunSummary> {
  const { id, plugin, data } = folder;
  const read = await readSavedRun(folder).catch(messageOf); // reported as "unreadable"
  const [saved, reason] = typeof read === "string" ? [undefined, read] : [read, null];
  const [checkpoints, stats, holder] = await Promise.all([
    findCheckpoints(folder.folder),
    readStats(folder.folder),
    lockHolder(folder.folder),
  ]);
  const newest = checkpoints.at(-1);
  // it may be damaged, or just being removed
  const manifest = newest && await readManifest(newest.folder).catch(() => undefined);
  const point = stats.at(-1);
  const imagesSeen = Math.max(
    newest?.imagesSeen ?? 0,
    head?.imagesSeen ?? 0,
    holder ? point?.imagesSeen ?? 0 : 0,
  );
  const phases = manifest?.meta.phases ??
    (saved && phasesOf(planOf(saved.run, saved.dataset.count)));
  const position = phases && phaseAt(phases, imagesSeen);
  const imagesTotal = saved && phases ? totalOf(saved, phases) : head?.imagesTotal ?? null;
  const rate = stats.findLast((p) => p.values[RATE] !== undefined);
  return {
    id,
    folder: folder.folder,
    plugin,
    data,
    status: holder ? "running" : statusOf({ saved, head, imagesSeen, imagesTotal }),
    resolution: position?.phase.resolution ?? null,
    phase: position?.phase.kind ?? null,
    alpha: position?.alpha ?? null,
    imagesSeen,
    imagesTotal,
    imagesPerSecond: head?.imagesPerSecond || (rate?.values[RATE] ?? null),
    digest: manifest?.digest ?? null,
    checkpoints: checkpoints.map((c) => c.imagesSeen),
    error: head?.error ?? reason,
  };
}

/** What a status is derived from. */
interface StatusFacts {
  saved: SavedRun | undefined;
  head: RunHead | null;
  imagesSeen: number;
  imagesTotal: number | null;
}

function statusOf({ saved, head, imagesSeen, imagesTotal }: StatusFacts): RunSummary["status"] {
  if (!saved) return "unreadable";
  if (head) return head.status === "running" ? "stale" : head.status;
  if (imagesSeen === 0) return "empty";
  return imagesTotal !== null && imagesSeen >= imagesTotal ? "finished" : "stopped";
}

function totalOf(saved: SavedRun, phases: readonly Phase[]): number {
  const end = phases.at(-1)?.end ?? 0;
  return saved.run.images > 0 ? Math.min(saved.run.images, end) : end;
}
