/** Loads a run's checkpoint: the newest intact one, or the one that was named. */
import {
  type Checkpoint,
  type CheckpointPath,
  findCheckpoints,
  loadNewestIntact,
  readCheckpoint,
} from "../checkpoint/mod.ts";
import type { RunFolder } from "./folder/run_folder.ts";
import type { Notices } from "./notices.ts";
import { RunError } from "./run_error.ts";

/** A checkpoint and its location. */
export type PlacedCheckpoint = Checkpoint & CheckpointPath;

/**
 * Reads the checkpoint at `imagesSeen` images; of several, the last.
 * @param action verb for the error, e.g. "open"
 * @throws RunError listing the existing ones
 */
export async function loadCheckpointAt(
  run: RunFolder,
  imagesSeen: number,
  action: string,
): Promise<PlacedCheckpoint> {
  const place = await placeAt(run, imagesSeen, action);
  return { ...await readCheckpoint(place.folder), ...place };
}

/**
 * A string that changes when the checkpoint that {@linkcode loadCheckpointAt} would read is
 * replaced by another of the same name. Reads no checkpoint.
 * @throws RunError listing the existing ones
 */
export async function stampAt(run: RunFolder, imagesSeen: number): Promise<string> {
  const { folder } = await placeAt(run, imagesSeen, "open");
  const { dev, ino, mtime } = await Deno.stat(folder);
  return [folder, dev, ino, mtime?.getTime()].join(" ");
}

async function placeAt(
  { id, folder }: RunFolder,
  imagesSeen: number,
  action: string,
): Promise<CheckpointPath> {
  const found = await findCheckpoints(folder);
  const place = found.findLast((c) => c.imagesSeen === imagesSeen);
  if (place) return place;
  throw new RunError(
    `Cannot ${action} ${id} at ${imagesSeen} images: expected the checkpoint of ` +
      (found.map((c) => c.imagesSeen).join(", ") || "a run that has one; this one has none"),
  );
}

/**
 * Reads the newest intact checkpoint, or the one at `imagesSeen` images; damaged ones are warned of.
 * @param action verb for the error, e.g. "resume"
 * @returns undefined where the run has no checkpoint yet
 * @throws RunError where the one at `imagesSeen` images doesn't exist
 */
export async function loadCheckpointIfAny(
  run: RunFolder,
  imagesSeen: number | undefined,
  notices: Pick<Notices, "warn">,
  action: string,
): Promise<PlacedCheckpoint | undefined> {
  if (imagesSeen !== undefined) return await loadCheckpointAt(run, imagesSeen, action);
  const newest = await loadNewestIntact(run.folder, {
    onSkipped: (path, reason) => notices.warn(`${path} is not used: ${reason}`),
  });
  return newest ?? undefined;
}

/**
 * Reads the newest intact checkpoint, or the one at `imagesSeen` images; damaged ones are warned of.
 * @param action verb for the error, e.g. "open"
 * @throws RunError where the run has no checkpoint, or not that one
 */
export async function loadCheckpoint(
  run: RunFolder,
  imagesSeen: number | undefined,
  notices: Pick<Notices, "warn">,
  action = "open",
): Promise<PlacedCheckpoint> {
  const found = await loadCheckpointIfAny(run, imagesSeen, notices, action);
  if (found) return found;
  throw new RunError(
    `Cannot ${action} ${run.id}: expected a checkpoint, received none (it stopped before its ` +
      `first). ` +
      `Name another run; deno task runs lists them`,
  );
}
