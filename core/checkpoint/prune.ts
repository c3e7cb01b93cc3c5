/** Removes old checkpoints and the leftovers of interrupted writes. */
import { join } from "node:path";
import { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
import { type CheckpointPath, checkpointsFolder, findCheckpoints, isTemporary } from "./paths.ts";
import { readCheckpoint } from "./reader.ts";

/** Fewest intact checkpoints that pruning keeps, whatever is requested. */
export const MINIMUM_KEPT = 2;

/** Options of {@linkcode pruneCheckpoints}. */
export interface PruneOptions {
  /** Number of newest checkpoints to keep; at least 2. */
  keep: number;
  /** Called for each damaged checkpoint. It is kept for inspection and not counted. */
  onDamaged?(path: string, reason: string): void;
  /**
   * Called for each checkpoint once it is hidden from readers, even if removing another one fails
   * later.
   */
  onRemoved?(checkpoint: CheckpointPath): void;
  /** Returns true for a checkpoint to keep permanently, e.g. the last one of each resolution. */
  isPinned?(checkpoint: CheckpointPath): boolean | Promise<boolean>;
}

/**
 * Keeps the newest `keep` checkpoints (2 at least), whose hashes are verified before anything older
 * is removed. Hold the run's lock meanwhile, because leftovers of interrupted writes are removed
 * too.
 * @returns what was removed, oldest first
 * @throws Error if a checkpoint can't be examined or removed
 */
export async function pruneCheckpoints(
  runFolder: string,
  { keep, onDamaged, onRemoved, isPinned }: PruneOptions,
): Promise<CheckpointPath[]> {
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new RangeError(`Cannot prune checkpoints: expected to keep 1 or more, received ${keep}`);
  }
  await removeTemporaries(runFolder);
  const newestFirst = (await findCheckpoints(runFolder)).toReversed();
  const wanted = Math.max(keep, MINIMUM_KEPT);
  const removed: CheckpointPath[] = [];
  let intact = 0;
  for (const checkpoint of newestFirst) {
    if (intact < wanted) {
      try {
        await readCheckpoint(checkpoint.folder);
        intact++;
      } catch (error) {
        const isOwn = error instanceof CorruptCheckpointError ||
          error instanceof NewerCheckpointError;
        if (!isOwn) throw error; // a problem of this process, not of the checkpoint
        onDamaged?.(checkpoint.path, error.message);
      }
    } else if (!await isPinned?.(checkpoint)) {
      removed.push(checkpoint);
    }
  }
  removed.reverse();
  for (const checkpoint of removed) {
    await removeCheckpoint(checkpoint.folder, () => onRemoved?.(checkpoint));
  }
  return removed;
}

/** Removes the leftovers of interrupted writes. Hold the run's lock meanwhile. */
export async function removeTemporaries(runFolder: string): Promise<void> {
  const parent = checkpointsFolder(runFolder);
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(parent)) if (isTemporary(name)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  for (const name of names) await Deno.remove(join(parent, name), { recursive: true });
}

/**
 * Hides the checkpoint from readers by a single rename first, so that a crash never leaves an
 * incomplete one.
 * @param onGone called after the rename: the rest no longer counts as a checkpoint
 */
async function removeCheckpoint(folder: string, onGone: () => void): Promise<void> {
  const gone = join(folder, "..", `.tmp-removed-${crypto.randomUUID().slice(0, 8)}`);
  await Deno.rename(folder, gone);
  onGone();
  await Deno.remove(gone, { recursive: true });
}
