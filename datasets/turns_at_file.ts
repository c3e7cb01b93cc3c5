/**
 * Shares an open file between tasks, which use it one after another because it has only one
 * position.
 */
export class TurnsAtFile {
  #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();
  #running = 0;
  #isClosed = false;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Runs an action on the file once the previous ones have finished.
   * @throws Deno.errors.BadResource after `close`
   */
  next<T>(action: (file: Deno.FsFile) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("it is closed"));
    this.#running++;
    const done = this.#last.then(() => action(this.#file)).finally(() => {
      if (--this.#running === 0 && this.#isClosed) this.#file.close();
    });
    this.#last = done.catch(() => {}); // reported to its caller
    return done;
  }

  /** Closes the file once pending actions have finished. */
  close(): void {
    this.#isClosed = true;
    if (this.#running === 0) this.#file.close();
  }
}

/** @returns bytes from `offset` on; fewer than `length` at the end of the file */
export async function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  for (let at = 0; at < length;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) return bytes.slice(0, at);
    at += read;
  }
  return bytes;
}
