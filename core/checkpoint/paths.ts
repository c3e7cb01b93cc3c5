/** Where a run folder's checkpoints are stored, and how their folders are named. */
import { join } from "node:path";
import { messageOf } from "../text.ts";

/** The folder of a checkpoint that has not been read. */
export interface CheckpointPath {
  /** Images seen by the run when it was written. */
  imagesSeen: number;
  /** 0, or counting from 1 if a checkpoint with the same number of images existed. */
  attempt: number;
  /** Relative to the run folder, with "/". */
  path: string;
  /** The run folder's path joined with `path`. */
  folder: string;
}

/** `checkpoints` inside a run folder. */
export function checkpointsFolder(runFolder: string): string {
  return join(runFolder, "checkpoints");
}

/** Pads the number so that names sort up to a billion images. */
export function padImages(imagesSeen: number): string {
  return String(imagesSeen).padStart(9, "0");
}

/** For example "000120000", and "000120000-1" for the second one with that number of images. */
export function checkpointName(imagesSeen: number, attempt = 0): string {
  return padImages(imagesSeen) + (attempt ? `-${attempt}` : "");
}

/** Whether a folder belongs to a write that is in progress or was interrupted. */
export function isTemporary(name: string): boolean {
  return name.startsWith(".tmp-");
}

/**
 * The checkpoints of a run, oldest first. Temporary folders and unrelated names are skipped; no
 * file is opened.
 * @returns an empty list if there is no folder
 * @throws Error if the folder can't be read
 */
export async function findCheckpoints(runFolder: string): Promise<CheckpointPath[]> {
  const found: CheckpointPath[] = [];
  try {
    for await (const entry of Deno.readDir(checkpointsFolder(runFolder))) {
      const match = /^(\d{9,16})(?:-([1-9]\d*))?$/.exec(entry.name);
      if (!match || !entry.isDirectory) continue;
      found.push({
        imagesSeen: Number(match[1]),
        attempt: Number(match[2] ?? 0),
        path: `checkpoints/${entry.name}`,
        folder: join(checkpointsFolder(runFolder), entry.name),
      });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new Error(
        `Cannot look for checkpoints: expected ${checkpointsFolder(runFolder)} to be a folder ` +
          `that this user can read, received ${messageOf(error)}. Fix its permissions (chown, ` +
          `chmod)`,
        { cause: error },
      );
    }
  }
  return found.sort((a, b) => a.imagesSeen - b.imagesSeen || a.attempt - b.attempt);
}
