/**
 * A shard's decoded pictures at one resolution: a file that is filled while pictures are drawn.
 *
 * Pictures of a shard are drawn over a long time, in shuffled order, and different ones by each
 * worker, so a file that only appeared when complete would never appear. Instead it is created
 * empty, and each row has a checksum that is written after it: a row is either as it was decoded,
 * or absent.
 */
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { readAt, TurnsAtFile } from "../../turns_at_file.ts";
import { writeAll } from "../../../core/write_all.ts";

/** What a file should contain. */
export interface DecodedFormat {
  /** Digest of everything that its pixels depend on. */
  key: string;
  /** Number of pictures in the shard. */
  count: number;
  /** Bytes per picture: uint8 [resolution, resolution, channels]. */
  rowBytes: number;
}

/** Bytes of the first line, which describes the file. */
const HEAD = 256;

/** Bytes of a checksum; 0 means that the row is absent. */
const CHECK = 4;

/** Total size of a file in bytes. */
export function sizeOf({ count, rowBytes }: DecodedFormat): number {
  return HEAD + count * (CHECK + rowBytes);
}

/** Name prefix of files that are being created. */
export const TEMPORARY = ".tmp-";

/** Thrown if a file is not the expected one, or truncated. */
export class DamagedError extends Error {
  override name = "DamagedError";
}

/** An opened file; several processes may fill it at the same time. */
export class DecodedShard {
  #turns: TurnsAtFile;
  #format: DecodedFormat;
  #checks: Uint32Array;

  private constructor(file: Deno.FsFile, format: DecodedFormat, checks: Uint32Array) {
    [this.#turns, this.#format, this.#checks] = [new TurnsAtFile(file), format, checks];
  }

  /**
   * Creates a file without any pictures, under a temporary name that is then renamed. On most file
   * systems it takes no space until it is filled.
   */
  static async create(path: string, format: DecodedFormat): Promise<void> {
    const temporary = join(dirname(path), `${TEMPORARY}${crypto.randomUUID().slice(0, 8)}`);
    await Deno.writeFile(temporary, headOf(format));
    await Deno.truncate(temporary, sizeOf(format));
    await Deno.rename(temporary, path);
  }

  /**
   * Opens a file, and marks it as used now.
   * @returns undefined if there is none
   * @throws DamagedError if it is not the expected file
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

  /** Whether a picture existed at the last refresh. */
  has(picture: number): boolean {
    return (this.#checks[picture] ?? 0) !== 0;
  }

  /** Reads the checksums again, because other workers fill the file, too. */
  refresh(): Promise<void> {
    return this.#turns.next(async (file) => {
      const checks = await readWhole(file, HEAD, CHECK * this.#format.count);
      this.#checks = new Uint32Array(checks.buffer);
    });
  }

  /**
   * @returns undefined if the picture is absent
   * @throws DamagedError if it does not match its checksum
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
      await writeAt(file, HEAD + CHECK * picture, bytesOf(check)); // last: validates the row
      this.#checks[picture] = check;
    });
  }

  /** Closes the file once pending operations have finished. */
  close(): void {
    this.#turns.close();
  }

  #placeOf(picture: number): number {
    const { count, rowBytes } = this.#format;
    return HEAD + CHECK * count + picture * rowBytes;
  }
}

/** The first line, padded to its fixed length. */
function headOf({ key, count, rowBytes }: DecodedFormat): Uint8Array {
  const line = JSON.stringify({ what: "cambium decoded shard", version: 1, key, count, rowBytes });
  return new TextEncoder().encode(line.padEnd(HEAD - 1) + "\n");
}

/** A CRC-32 that is never 0. */
const checkOf = (pixels: Uint8Array) => crc32(pixels) || 1;

/** Little-endian, as Uint32Array is on all platforms of Deno. */
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
