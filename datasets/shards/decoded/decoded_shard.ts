/**
 * A shard's pictures at one resolution, decoded: a file that fills while they are drawn.
 *
 * Pictures of a shard are drawn over a long time, in a mixed order, and by each worker other ones,
 * so a file that appeared at once and whole would never appear. It appears empty instead, and each
 * row has a checksum that is written after it: a row is either as it was decoded, or not there.
 */
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { readAt, TurnsAtFile } from "../../turns_at_file.ts";
import { writeAll } from "../../../core/write_all.ts";

/** What a file should hold. */
export interface DecodedFormat {
  /** All that its pixels depend on, as a digest. */
  key: string;
  /** Pictures of the shard. */
  count: number;
  /** Of a picture: uint8 [resolution, resolution, channels]. */
  rowBytes: number;
}

/** Bytes of the first line, which tells what the file holds. */
const HEAD = 256;

/** What a checksum takes; 0: the row is not there. */
const CHECK = 4;

/** Bytes of a file in all. */
export function sizeOf({ count, rowBytes }: DecodedFormat): number {
  return HEAD + count * (CHECK + rowBytes);
}

/** What names of files begin with that are being made. */
export const TEMPORARY = ".tmp-";

/** Raised where a file is another than was meant, or cut. */
export class DamagedError extends Error {
  override name = "DamagedError";
}

/** An opened file; several processes may fill it at once. */
export class DecodedShard {
  #turns: TurnsAtFile;
  #format: DecodedFormat;
  #checks: Uint32Array;

  private constructor(file: Deno.FsFile, format: DecodedFormat, checks: Uint32Array) {
    [this.#turns, this.#format, this.#checks] = [new TurnsAtFile(file), format, checks];
  }

  /**
   * Makes a file without any picture: beside the path first, then renamed. On most file systems it
   * takes no room until it fills.
   */
  static async create(path: string, format: DecodedFormat): Promise<void> {
    const temporary = join(dirname(path), `${TEMPORARY}${crypto.randomUUID().slice(0, 8)}`);
    await Deno.writeFile(temporary, headOf(format));
    await Deno.truncate(temporary, sizeOf(format));
    await Deno.rename(temporary, path);
  }

  /**
   * Opens a file, and notes that it was used now.
   * @returns undefined where there is none
   * @throws DamagedError
   */
  static async open(path: string, format: DecodedFormat): Promise<DecodedShard | undefined> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(path, { read: true, write: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    try {
      const { size } = await file.stat(), head = headOf(format);
      if (size !== sizeOf(format)) {
        throw new DamagedError(`expected ${sizeOf(format)} bytes, received ${size}`);
      }
      const start = await readWhole(file, 0, HEAD + CHECK * format.count);
      if (head.some((byte, i) => byte !== start[i])) {
        throw new DamagedError("expected decoded pictures of the shard, received something else");
      }
      await file.utime(new Date(), new Date());
      const checks = new Uint32Array(start.slice(HEAD).buffer);
      return new DecodedShard(file, format, checks);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Whether a picture was there when it was last looked at. */
  has(picture: number): boolean {
    return (this.#checks[picture] ?? 0) !== 0;
  }

  /** Looks again at what is there: other workers fill the file, too. */
  refresh(): Promise<void> {
    return this.#turns.next(async (file) => {
      const checks = await readWhole(file, HEAD, CHECK * this.#format.count);
      this.#checks = new Uint32Array(checks.buffer);
    });
  }

  /**
   * @returns undefined where it isn't there
   * @throws DamagedError where it is not as it was written
   */
  read(picture: number): Promise<Uint8Array | undefined> {
    return this.#turns.next(async (file) => {
      const check = this.#checks[picture], { rowBytes } = this.#format;
      if (!check) return undefined;
      const pixels = await readWhole(file, this.#placeOf(picture), rowBytes);
      if (checkOf(pixels) === check) return pixels;
      this.#checks[picture] = 0;
      throw new DamagedError(`picture ${picture} is not as it was written`);
    });
  }

  /** Adds a picture: uint8 [resolution, resolution, channels]. */
  write(picture: number, pixels: Uint8Array): Promise<void> {
    return this.#turns.next(async (file) => {
      const check = checkOf(pixels);
      await writeAt(file, this.#placeOf(picture), pixels);
      await writeAt(file, HEAD + CHECK * picture, bytesOf(check)); // last: the row is there
      this.#checks[picture] = check;
    });
  }

  /** Closes the file once what was begun is done. */
  close(): void {
    this.#turns.close();
  }

  #placeOf(picture: number): number {
    const { count, rowBytes } = this.#format;
    return HEAD + CHECK * count + picture * rowBytes;
  }
}

/** The first line, to its whole length. */
function headOf({ key, count, rowBytes }: DecodedFormat): Uint8Array {
  const line = JSON.stringify({ what: "cambium decoded shard", version: 1, key, count, rowBytes });
  return new TextEncoder().encode(line.padEnd(HEAD - 1) + "\n");
}

/** CRC-32, which is never 0 here. */
const checkOf = (pixels: Uint8Array) => crc32(pixels) || 1;

/** As Uint32Array reads them on all machines that Deno runs on: little-endian. */
const bytesOf = (check: number) => new Uint8Array(Uint32Array.of(check).buffer);

async function readWhole(file: Deno.FsFile, offset: number, length: number) {
  const bytes = await readAt(file, offset, length);
  if (bytes.length < length) throw new DamagedError("the file was cut while it was in use");
  return bytes;
}

async function writeAt(file: Deno.FsFile, offset: number, bytes: Uint8Array): Promise<void> {
  await file.seek(offset, Deno.SeekMode.Start);
  await writeAll(file, bytes);
}
