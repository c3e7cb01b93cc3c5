/** Rows of one resolution's file: from memory where it fits, else by positioned reads. */

/** Files up to this many bytes are kept in memory. */
export const MEMORY_LIMIT = 2 ** 30;

/** An opened file of squares; shared by the loaders of a data set. */
export class PixelFile {
  readonly rowBytes: number;
  #path: string;
  #memoryLimit: number;
  #memory: Promise<Uint8Array | undefined> | undefined;
  #file: Deno.FsFile | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param rowBytes bytes of one square */
  constructor(path: string, rowBytes: number, memoryLimit = MEMORY_LIMIT) {
    [this.#path, this.rowBytes, this.#memoryLimit] = [path, rowBytes, memoryLimit];
  }

  /** @returns each row's bytes, in the order asked for; not to be written to */
  async read(rows: readonly number[]): Promise<Uint8Array[]> {
    this.#memory ??= this.#load();
    const all = await this.#memory;
    if (all) return rows.map((row) => all.subarray(row * this.rowBytes, (row + 1) * this.rowBytes));
    const read = this.#last.then(() => this.#readRows(rows)); // a file has one position
    this.#last = read.catch(() => {});
    return await read;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#memory = undefined;
  }

  async #load(): Promise<Uint8Array | undefined> {
    const { size } = await Deno.stat(this.#path);
    if (size <= this.#memoryLimit) return await Deno.readFile(this.#path);
    this.#file = await Deno.open(this.#path);
  }

  async #readRows(rows: readonly number[]): Promise<Uint8Array[]> {
    const file = this.#file;
    if (!file) {
      throw new Error("Cannot read the data: expected an open data set, received a closed one");
    }
    const out: Uint8Array[] = [];
    for (const row of rows) {
      const bytes = new Uint8Array(this.rowBytes);
      await file.seek(row * this.rowBytes, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        const n = await file.read(bytes.subarray(at));
        if (n === null) {
          throw new Error(`Cannot read ${this.#path}: the file ends early. Delete it`);
        }
        at += n;
      }
      out.push(bytes);
    }
    return out;
  }
}
