/** The files of a cache that are in use, each opened once. */
import type { Cache } from "../cache/build.ts";
import { type CacheIndex, pixelPath, readIndex } from "../cache/index_file.ts";
import { PixelFile } from "./pixel_file.ts";

/** Hands out the file of a resolution and closes it after its last user. */
export class PixelFiles {
  #cache: Cache;
  #open = new Map<number, { file: PixelFile; users: number }>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Opens a resolution, or shares it. */
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
 * Another process that makes a cache anew puts it in place by two renames: this long there may seem
 * to be none, ms.
 */
const PATIENCE = 2000, PAUSE = 50;

/**
 * A cache may have been made anew since it was opened, with more sizes; its rows are the same ones
 * only where its content is. What is open stays as it is, whatever comes to lie at its path.
 * @throws Error where it is another
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
    if (now && !isSame || waited >= PATIENCE) throw changed(folder, index, now);
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
    `Cannot go on with the data in ${folder}: expected the pictures that it held when it was ` +
      `opened, received ` +
      (now ? `others (${now.rows} now, ${then.rows} then)` : "no whole cache") +
      ". Start again; deno task train --resume goes on from the last checkpoint",
  );
}
