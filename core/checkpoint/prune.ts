/** Removes old checkpoints and what cut-off writes left behind. */
import { join } from "node:path";
import { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
import { type CheckpointPath, checkpointsFolder, findCheckpoints, isTemporary } from "./paths.ts";
import { readCheckpoint } from "./reader.ts";

/** Fewest intact checkpoints that pruning leaves, whatever is asked for. */
export const MINIMUM_KEPT = 2;

/** Options of {@linkcode pruneCheckpoints}. */
export interface PruneOptions {
  /** Newest checkpoints to keep; at least 2 are. */
  keep: number;
  /**
   * Told of each checkpoint that is not intact; it is left for people to look at and doesn't count.
   */
  onDamaged?(path: string, reason: string): void;
  /** Told of each that is out of readers' sight, also where removing another fails later. */
  onRemoved?(checkpoint: CheckpointPath): void;
  /** True keeps a checkpoint for good, e.g. the last of each resolution. */
  isPinned?(checkpoint: CheckpointPath): boolean | Promise<boolean>;
}

/**
 * Keeps the newest `keep` checkpoints (2 at least), each proved intact by its hashes before
 * anything older goes. Hold the run's lock meanwhile: temporaries of cut-off writes are removed
 * too.
 * @returns what was removed, oldest first
 * @throws Error where one can't be looked at or removed
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
        if (!isOwn) throw error; // trouble of this process
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

/** Removes what cut-off writes left. Hold the run's lock meanwhile. */
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
 * One rename takes it out of the readers' sight, so that a crash leaves no half of a checkpoint.
 * @param onGone called then: what is left of it no longer counts
 */
async function removeCheckpoint(folder: string, onGone: () => void): Promise<void> {
  const gone = join(folder, "..", `.tmp-removed-${crypto.randomUUID().slice(0, 8)}`);
  await Deno.rename(folder, gone);
  onGone();
  await Deno.remove(gone, { recursive: true });
}
