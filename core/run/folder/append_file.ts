/** A file that grows at its end by whole pieces: what a full disk cut off is no part of it. */
import { writeAll } from "../../write_all.ts";

/**
 * An open file whose every append is there wholly or not at all, unless the process dies in
 * between.
 */
export class AppendFile {
  /** Not to be written to by others. */
  readonly file: Deno.FsFile;
  #end: number;
  #isTorn = false;
  #queue: Promise<void> = Promise.resolve();

  /** @param end position after what is there, where the file stands */
  constructor(file: Deno.FsFile, end: number) {
    this.file = file;
    this.#end = end;
  }

  /**
   * Appends bytes, in the order of the calls; where that fails, a later call continues after what
   * was whole.
   */
  append(bytes: Uint8Array): Promise<void> {
    const appended = this.#queue.then(async () => {
      if (this.#isTorn) await this.#cutBack();
      this.#isTorn = true; // until all of it is there
      await writeAll(this.file, bytes);
      this.#end += bytes.length;
      this.#isTorn = false;
    });
    // the next call tries that again
    this.#queue = appended.catch(() => this.#cutBack().catch(() => {}));
    return appended;
  }

  /** Resolves when every append has ended. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  async #cutBack(): Promise<void> {
    await this.file.truncate(this.#end);
    await this.file.seek(this.#end, Deno.SeekMode.Start);
    this.#isTorn = false;
  }
}
