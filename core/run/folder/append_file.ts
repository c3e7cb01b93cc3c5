/** A file to which complete pieces are appended: what a full disk cuts off is removed again. */
import { writeAll } from "../../write_all.ts";

/**
 * An open file in which every append is written completely or not at all, unless the process dies
 * in between.
 */
export class AppendFile {
  /** Only this object may write to it. */
  readonly file: Deno.FsFile;
  #end: number;
  #isTorn = false;
  #queue: Promise<void> = Promise.resolve();

  /** @param end position after the existing content, where the file's cursor must be */
  constructor(file: Deno.FsFile, end: number) {
    this.file = file;
    this.#end = end;
  }

  /**
   * Appends bytes, in the order of the calls; after a failure, a later call continues after the
   * last complete append.
   */
  append(bytes: Uint8Array): Promise<void> {
    const appended = this.#queue.then(async () => {
      if (this.#isTorn) await this.#cutBack();
      this.#isTorn = true; // until all of it is written
      await writeAll(this.file, bytes);
      this.#end += bytes.length;
      this.#isTorn = false;
    });
    // if cutting back fails, the next call tries it again
    this.#queue = appended.catch(() => this.#cutBack().catch(() => {}));
    return appended;
  }

  /** Resolves when all appends have ended. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  async #cutBack(): Promise<void> {
    await this.file.truncate(this.#end);
    await this.file.seek(this.#end, Deno.SeekMode.Start);
    this.#isTorn = false;
  }
}
