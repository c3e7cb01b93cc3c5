/** The pixel files of a cache that are in use, each opened once. */
import type { Cache } from "../cache/build.ts";
import { type CacheIndex, pixelPath, readIndex } from "../cache/index_file.ts";
import { PixelFile } from "./pixel_file.ts";

/** Shares the file of a resolution between users, and closes it after the last one. */
export class PixelFiles {
  #cache: Cache;
  #open = new Map<number, { file: PixelFile; users: number }>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Opens a resolution, or shares the open file. */
  acquire(resolution: number): PixelFile {
    let used = this.#open.get(resolution);
    if (!used) {
      const { folder, index: { channels, rows } } = this.#cache;
      const path = pixelPath(folder, resolution);
      const file = new PixelFile(path, {
        rowBytes: resolution * resolution * channels,
        rows,
        open: () => openSame(this.#cache, path),
      });
      used = { file, users: 0 };
      this.#open.set(resolution, used);
    }
    used.users++;
    return used.file;
  }

  release(resolution: number): void {
    const used = this.#open.get(resolution);
    if (!used || --used.users > 0) return;
    used.file.close();
    this.#open.delete(resolution);
  }

  close(): void {
    for (const { file } of this.#open.values()) file.close();
    this.#open.clear();
  }
}

/**
 * Another process that rebuilds a cache moves it into place by two renames; in between there seems
 * to be none. Times in ms.
 */
const TIMEOUT = 2000, PAUSE = 50;

/**
 * Opens a file of the cache. The cache may have been rebuilt with more resolutions since it was
 * opened; the rows are only the same if its content digest is. Open files are not affected.
 * @throws Error if the content has changed
 */
async function openSame({ folder, index }: Cache, path: string): Promise<Deno.FsFile> {
  for (let waited = 0;; waited += PAUSE) {
    const file = await openIfThere(path);
    let now: CacheIndex | undefined, isSame = false;
    try {
      now = await readIndex(folder);
      isSame = now?.contentDigest === index.contentDigest;
      if (isSame && file) return file;
    } finally {
      if (!isSame) file?.close();
    }
    if (now && !isSame || waited >= TIMEOUT) throw changed(folder, index, now);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function openIfThere(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function changed(folder: string, then: CacheIndex, now: CacheIndex | undefined): Error {
  return new Error(
    `Cannot continue with the data in ${folder}: expected the pictures that it had when it was ` +
      `opened, received ` +
      (now ? `others (${now.rows} now, ${then.rows} then)` : "no complete cache") +
      ". Start again; deno task train --resume continues from the last checkpoint",
  );
}
