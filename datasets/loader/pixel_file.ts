/** Rows of one resolution's file, read from memory if it fits, otherwise by positioned reads. */

/** Size in bytes of the largest files that are kept in memory. */
export const MEMORY_LIMIT = 2 ** 30;

/** What a pixel file should contain. */
export interface PixelFileOptions {
  /** Bytes of one square. */
  rowBytes: number;
  /** Number of squares in the file. */
  rows: number;
  /** Opens the file, once; throws if it is not the expected one. Default: opens the path. */
  open?: () => Promise<Deno.FsFile>;
  /** Larger files, in bytes, are not kept in memory. Default {@linkcode MEMORY_LIMIT}. */
  memoryLimit?: number;
}

/** An opened pixel file, shared by the loaders of a data set. */
export class PixelFile {
  #path: string;
  #options: PixelFileOptions;
  #memory: Promise<Uint8Array | undefined> | undefined;
  #file: Deno.FsFile | undefined;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: PixelFileOptions) {
    [this.#path, this.#options] = [path, options];
  }

  /**
   * @returns each row's bytes, in the requested order; read-only
   * @throws Error if the file is not as expected, or closed
   */
  async read(rows: readonly number[]): Promise<Uint8Array[]> {
    if (this.#isClosed) throw closed();
    this.#memory ??= this.#load();
    const all = await this.#memory, { rowBytes } = this.#options;
    if (all) return rows.map((row) => all.subarray(row * rowBytes, (row + 1) * rowBytes));
    const read = this.#last.then(() => this.#readRows(rows)); // a file has one position
    this.#last = read.catch(() => {});
    return await read;
  }

  /**
   * @returns the bytes of `count` consecutive rows; read-only
   * @throws Error as {@linkcode read}
   */
  async readSpan(first: number, count: number): Promise<Uint8Array> {
    if (this.#isClosed) throw closed();
    this.#memory ??= this.#load();
    const all = await this.#memory, { rowBytes } = this.#options;
    if (all) return all.subarray(first * rowBytes, (first + count) * rowBytes);
    const read = this.#last.then(() => this.#readAt(first, count)); // a file has one position
    this.#last = read.catch(() => {});
    return await read;
  }

  close(): void {
    this.#isClosed = true;
    this.#file?.close();
    this.#file = undefined;
    this.#memory = undefined;
  }

  async #load(): Promise<Uint8Array | undefined> {
    const { rowBytes, rows, open, memoryLimit = MEMORY_LIMIT } = this.#options;
    const file = await (open ? open() : Deno.open(this.#path));
    let isKept = false;
    try {
      const { size } = await file.stat();
      if (size !== rows * rowBytes) {
        throw new Error(
          `Cannot read ${this.#path}: expected ${rows} pictures, ${
            rows * rowBytes
          } bytes, received ${size} bytes`,
        );
      }
      if (size <= memoryLimit) return await readWhole(file, size, this.#path);
      if (this.#isClosed) throw closed();
      this.#file = file;
      isKept = true;
    } finally {
      if (!isKept) file.close();
    }
  }

  async #readRows(rows: readonly number[]): Promise<Uint8Array[]> {
    const out: Uint8Array[] = [];
    for (const row of rows) out.push(await this.#readAt(row, 1));
    return out;
  }

  async #readAt(first: number, count: number): Promise<Uint8Array> {
    const file = this.#file, { rowBytes } = this.#options;
    if (!file) throw closed();
    await file.seek(first * rowBytes, Deno.SeekMode.Start);
    return await readWhole(file, count * rowBytes, this.#path);
  }
}

/** Reads the next `size` bytes. */
async function readWhole(file: Deno.FsFile, size: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const n = await file.read(bytes.subarray(at));
    if (n === null) throw new Error(`Cannot read ${path}: the file ends early. Delete it`);
    at += n;
  }
  return bytes;
}

function closed(): Error {
  return new Error("Cannot read the data: expected an open data set, received a closed one");
}
