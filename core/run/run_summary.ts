/** How a run stands, from its folder; Deno KV adds what only it knows. */
import { join } from "node:path";
import { findCheckpoints } from "../checkpoint/mod.ts";
import { planOf } from "../config/mod.ts";
import { lockHolder, readStats, type RunFolder, type RunHead } from "./mod.ts";
import { type Phase, phaseAt, phasesOf } from "../schedule.ts";
import { readSavedRun } from "./spec/saved_run.ts";
import type { SavedRun } from "./spec/run_spec.ts";

/** A run in a table. */
export interface RunSummary {
  id: string;
  folder: string;
  plugin: string;
  data: string;
  /**
   * "stale": KV says running, but no process holds the run's lock. "empty": it has no checkpoint
   * yet.
   */
  status: "running" | "stopped" | "finished" | "failed" | "stale" | "empty" | "unreadable";
  resolution: number | null;
  phase: Phase["kind"] | null;
  alpha: number | null;
  imagesSeen: number;
  imagesTotal: number | null;
  imagesPerSecond: number | null;
  /** Of the newest checkpoint; not proved here. */
  digest: string | null;
  checkpoints: number[]; // images seen
  error: string | null;
}

/** @param head what Deno KV says, where it is there */
export async function summarize(folder: RunFolder, head: RunHead | null): Promise<RunSummary> {
  const { id, plugin, data } = folder;
  const saved = await readSavedRun(folder).catch(() => undefined); // told as "unreadable"
  const [checkpoints, stats, holder] = await Promise.all([
    findCheckpoints(folder.folder),
    readStats(folder.folder),
    lockHolder(folder.folder),
  ]);
  const newest = checkpoints.at(-1);
  const manifest = newest && await readManifest(newest.folder);
  const point = stats.at(-1);
  const imagesSeen = Math.max(
    newest?.imagesSeen ?? 0,
    head?.imagesSeen ?? 0,
    holder ? point?.imagesSeen ?? 0 : 0,
  );
  const phases = manifest?.phases ?? (saved && phasesOf(planOf(saved.run, saved.dataset.count)));
  const position = phases && phaseAt(phases, imagesSeen);
  const imagesTotal = saved && phases ? totalOf(saved, phases) : head?.imagesTotal ?? null;
  const rate = stats.findLast((p) => p.values["rate/images_per_second"] !== undefined);
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
    imagesPerSecond: head?.imagesPerSecond || (rate?.values["rate/images_per_second"] ?? null),
    digest: manifest?.digest ?? null,
    checkpoints: checkpoints.map((c) => c.imagesSeen),
    error: head?.error ?? null,
  };
}

/** What a status is told by. */
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

/** What a manifest claims; reading and proving every tensor for a table would take long. */
async function readManifest(
  folder: string,
): Promise<{ digest: string; phases: Phase[] } | undefined> {
  try {
    const { digest, meta } = JSON.parse(await Deno.readTextFile(join(folder, "manifest.json")));
    return typeof digest === "string" && Array.isArray(meta?.phases)
      ? { digest, phases: meta.phases }
      : undefined;
  } catch {
    return undefined; // damaged, or just being removed: the table goes on without
  }
}
