/** Writes that survive a power cut: short writes are completed, files and folders are synced. */
import { createHash } from "node:crypto";
import { openPlain } from "../open_plain.ts";

/** Most bytes passed to the system at once. */
const SLICE = 4 * 2 ** 20;

/** Called before each step that a crash may interrupt; tests kill the process there. */
export type FaultPoint = (point: string) => void | Promise<void>;

/** Size and hash of a written file. */
export interface WrittenFile {
  bytes: number;
  sha256: string;
}

/**
 * Creates a file, writes all chunks (looping on short writes), hashes and syncs them. A failed sync
 * is not retried, because the system may have dropped the pages.
 * @param path must not exist
 */
export async function writeSynced(
  path: string,
  chunks: readonly Uint8Array[],
  at: FaultPoint,
): Promise<WrittenFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  await at(`create ${path}`);
  const file = await Deno.open(path, { write: true, createNew: true });
  try {
    for (const chunk of chunks) {
      hash.update(chunk);
      for (let offset = 0; offset < chunk.length;) {
        await at(`write ${path}`);
        const written = await file.write(chunk.subarray(offset, offset + SLICE));
        if (written === 0) throw new Error("expected bytes to be written, received 0");
        offset += written;
      }
      bytes += chunk.length;
    }
    await at(`sync ${path}`);
    await file.sync();
  } finally {
    file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Makes a file durable, whichever process wrote it; a missing file is ignored. It is opened for
 * writing, because Windows requires that.
 */
export async function syncFile(path: string, at: FaultPoint): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await openPlain(path, { write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  using opened = file;
  await at(`sync ${path}`);
  await opened.sync();
}

/** Makes the entries of a folder durable. Windows has no such call, but journals renames. */
export async function syncFolder(path: string, at: FaultPoint): Promise<void> {
  if (Deno.build.os === "windows") return;
  await at(`sync ${path}`);
  const folder = await Deno.open(path);
  try {
    await folder.sync();
  } finally {
    folder.close();
  }
}
