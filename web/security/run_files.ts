/** The only access to files: pictures that run state names, inside their run's own folder. */
import { extname, join, sep } from "node:path";

/** Ids as the trainer makes them: a folder name without separators or a leading dot. */
export const RUN_ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/;

const types: Record<string, string> = {
  ".png": "image/png",
  ".webp": "image/webp",
  ".gif": "image/gif",
};
const MAX_BYTES = 64 * 1024 * 1024;

/** A picture's bytes and media type. */
export interface RunPicture {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

/** Thrown if a file may not or cannot be served. */
export class RunFileError extends Error {
  override name = "RunFileError";
}

/**
 * Reads a picture of a run. Whatever run state says, the real path (after resolving links) must lie
 * inside the run folder and be a regular file, and its extension must be that of a picture. The run
 * folder itself may be a link, since its owner made it.
 * @param runsDir folder of all runs
 * @param id of the run
 * @param path relative to the run folder, from run state, never from a request
 * @throws RunFileError
 */
export async function readRunPicture(
  runsDir: string,
  { id, path }: { id: string; path: string },
): Promise<RunPicture> {
  if (!RUN_ID.test(id)) throw new RunFileError(`Cannot read a picture: "${id}" is no run id`);
  const type = types[extname(path).toLowerCase()];
  if (!type) {
    throw new RunFileError(`Cannot read a picture: expected PNG, WebP or GIF, received "${path}"`);
  }
  if (path.includes("\0")) throw new RunFileError("Cannot read a picture: a path with a zero byte");
  try {
    const root = await Deno.realPath(runsDir);
    // outside of `root` if the run was moved and linked
    const folder = await Deno.realPath(join(root, id));
    const real = await Deno.realPath(join(folder, path));
    if (!real.startsWith(folder + sep)) {
      throw new RunFileError(`Cannot read "${path}": it leads outside its run folder`);
    }
    const { isFile, size } = await Deno.stat(real);
    if (!isFile || size > MAX_BYTES) {
      throw new RunFileError(`Cannot read "${path}": expected a file of at most 64 MiB`);
    }
    return { bytes: await Deno.readFile(real), type };
  } catch (cause) {
    if (cause instanceof RunFileError) throw cause;
    throw new RunFileError(`Cannot read "${path}" of run "${id}": the file is gone or unreadable`, {
      cause,
    });
  }
}
