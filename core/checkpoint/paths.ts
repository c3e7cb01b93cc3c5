/** Where checkpoints lie inside a run folder, and how their folders are named. */
import { join } from "node:path";
import { messageOf } from "../text.ts";

/** A checkpoint's folder, unread. */
export interface CheckpointPath {
  /** When it was written: images seen by the run. */
  imagesSeen: number;
  /** 0, or 1 and up where a checkpoint of as many images was there before. */
  attempt: number;
  /** Relative to the run folder, with "/". */
  path: string;
  /** As openable as the run folder's path was. */
  folder: string;
}

/** `checkpoints` inside a run folder. */
export function checkpointsFolder(runFolder: string): string {
  return join(runFolder, "checkpoints");
}

/** Digits that names sort by: up to a thousand million images. */
export function padImages(imagesSeen: number): string {
  return String(imagesSeen).padStart(9, "0");
}

/** e.g. "000120000", and "000120000-1" for a second of as many images. */
export function checkpointName(imagesSeen: number, attempt = 0): string {
  return padImages(imagesSeen) + (attempt ? `-${attempt}` : "");
}

/** True for the folders of writes that are under way or were cut off. */
export function isTemporary(name: string): boolean {
  return name.startsWith(".tmp-");
}

/**
 * The checkpoints of a run, oldest first; temporaries and foreign names are left out, nothing is
 * opened.
 * @returns an empty list where there is no folder
 * @throws Error where the folder can't be read
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
          `that this user can read, received ${messageOf(error)}. Mend it (chown, chmod)`,
        { cause: error },
      );
    }
  }
  return found.sort((a, b) => a.imagesSeen - b.imagesSeen || a.attempt - b.attempt);
}
