/** The files of a cache that are in use, each opened once. */
import type { Cache } from "../cache/build.ts";
import { pixelPath, readIndex } from "../cache/index_file.ts";
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
      const file = new PixelFile(pixelPath(folder, resolution), {
        rowBytes: resolution * resolution * channels,
        rows,
        check: () => expectSame(this.#cache),
      });
      used = { file, users: 0 };
      this.#open.set(resolution, used);
    }
    used.users++;
    return used.file;
  }

  /** Ends one use. */
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
 * A cache may have been made anew since it was opened, with more sizes; its rows are the same ones only where its
 * content is.
 * @throws Error where it is another
 */
async function expectSame({ folder, index }: Cache): Promise<void> {
  const now = await readIndex(folder);
  if (now?.contentDigest === index.contentDigest) return;
  throw new Error(
    `Cannot go on with the data in ${folder}: expected the pictures that it held when it was opened, received ` +
      (now ? `others (${now.rows} now, ${index.rows} then)` : "no whole cache") +
      ". Start again; deno task train --resume goes on from the last checkpoint",
  );
}
