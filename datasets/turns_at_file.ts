/** An open file for several tasks: it has one position, so they use it one after another. */
export class TurnsAtFile {
  #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();
  #running = 0;
  #isClosed = false;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Does something with the file once what was begun before is done.
   * @throws Deno.errors.BadResource after `close`
   */
  next<T>(action: (file: Deno.FsFile) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("it is closed"));
    this.#running++;
    const done = this.#last.then(() => action(this.#file)).finally(() => {
      if (--this.#running === 0 && this.#isClosed) this.#file.close();
    });
    this.#last = done.catch(() => {}); // its caller is told
    return done;
  }

  /** Closes the file once what was begun is done. */
  close(): void {
    this.#isClosed = true;
    if (this.#running === 0) this.#file.close();
  }
}

/** @returns bytes from a place on: fewer than `length` where the file ends before */
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
