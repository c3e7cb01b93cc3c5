/** A zip of PNG, JPEG or WebP files, read entry by entry and without trust. */
import { configure, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { crc32, inflateRawSync } from "node:zlib";
import type { SkippedFile } from "../../core/data.ts";
import {
  foreignReason,
  type FoundFile,
  isHidden,
  labelByFolder,
  shortName,
  type Source,
} from "./source.ts";

configure({ useWebWorkers: false }); // one entry at a time: a worker would only copy

type Limits = typeof ZIP_LIMITS;

/** Caps that no honest image set reaches; tests lower them. */
export const ZIP_LIMITS = {
  entries: 1_000_000,
  entryBytes: 256 * 2 ** 20,
  totalBytes: 256 * 2 ** 30, // counted on what is read, once over
  ratio: 100, // above ratioFreeBytes
  ratioFreeBytes: 100_000,
};

/**
 * Lists a zip's images; the first folder names the label. Names that leave the folder, links, encrypted entries,
 * zips inside and what inflates beyond {@linkcode ZIP_LIMITS} are left out with a reason.
 * @param path an existing file
 * @param foreign says why a name is left out
 * @throws Error where it is no zip
 */
export async function zipSource(
  path: string,
  foreign: (path: string) => string | undefined = foreignReason,
  limits: Limits = ZIP_LIMITS,
): Promise<Source> {
  const file = await Deno.open(path);
  try {
    const stat = await file.stat();
    const bytes = new FileReaderAt(file, stat.size), reader = new ZipReader(bytes);
    const found: FoundFile[] = [], skipped: SkippedFile[] = [], seen = new Set<string>();
    let count = 0, total = 0;
    // Unsafe names are refused one by one below; nothing is ever unpacked to disk.
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      if (++count > limits.entries) {
        throw new RangeError(
          `Cannot read ${path}: expected at most ${limits.entries} entries, received more`,
        );
      }
      if (entry.directory || isHidden(entry.filename)) continue;
      const reason = seen.has(entry.filename) ? "the same name twice" : refusal(entry, limits) ??
        foreign(entry.filename);
      seen.add(entry.filename);
      if (reason !== undefined) {
        skipped.push({ path: printable(entry.filename), reason });
        continue;
      }
      total += entry.uncompressedSize;
      if (total > limits.totalBytes) {
        throw new RangeError(
          `Cannot read ${path}: expected at most ${limits.totalBytes} bytes of images, received more`,
        );
      }
      found.push({
        path: entry.filename,
        bytes: entry.uncompressedSize,
        modified: stat.mtime?.getTime() ?? 0,
        read: readerOf(bytes, entry, limits),
      });
    }
    return {
      name: shortName(path),
      source: path,
      files: labelByFolder(found),
      skipped,
      close: () => file.close(),
    };
  } catch (cause) {
    file.close();
    if (cause instanceof RangeError) throw cause;
    throw new Error(`Cannot read ${path}: expected a whole zip file`, { cause });
  }
}

/** Why an entry is not touched. */
function refusal(entry: FileEntry, limits: Limits): string | undefined {
  const name = entry.filename;
  if (name.includes("\\") || name.includes("\0") || /^([a-z]:|\/)/i.test(name)) {
    return "an unsafe path";
  }
  if (name.split("/").includes("..")) return "a path that leaves the zip";
  // The upper half of the external attributes holds the Unix mode; 0o120000 is a symbolic link.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return "a symbolic link";
  if (entry.encrypted) return "encrypted";
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return "packed by another method than deflate";
  }
  if (Math.max(entry.uncompressedSize, entry.compressedSize) > limits.entryBytes) {
    return `larger than ${limits.entryBytes} bytes`;
  }
  const isBomb = entry.uncompressedSize > limits.ratioFreeBytes &&
    entry.uncompressedSize > limits.ratio * entry.compressedSize;
  return isBomb ? `inflates more than ${limits.ratio} times` : undefined;
}

/** A name for a message: no control characters. */
function printable(name: string): string {
  // deno-lint-ignore no-control-regex
  return name.replace(/[\x00-\x1f\x7f]/g, "?").slice(0, 200);
}

/** Keeps of an entry what reading it needs. */
function readerOf(file: FileReaderAt, entry: FileEntry, limits: Limits): FoundFile["read"] {
  const { offset, uncompressedSize, compressedSize, compressionMethod, signature } = entry;
  const place: Place = {
    ...{ offset, uncompressedSize, compressedSize, compressionMethod },
    ...(signature === undefined ? {} : { signature }),
  };
  return () => inflate(file, place, limits);
}

/** What reading an entry needs: little, since there may be a million. */
type Place = Pick<
  FileEntry,
  "offset" | "uncompressedSize" | "compressedSize" | "compressionMethod" | "signature"
>;

/** Inflates one entry; not a byte more comes out than the header says and the caps allow. */
async function inflate(file: FileReaderAt, place: Place, limits: Limits): Promise<Uint8Array> {
  const { offset, uncompressedSize, compressedSize, compressionMethod, signature } = place;
  const header = new DataView((await file.readUint8Array(offset, LOCAL_HEADER)).buffer);
  if (header.byteLength < LOCAL_HEADER || header.getUint32(0, true) !== 0x04034b50) {
    throw new RangeError("damaged: there is no entry where the directory says");
  }
  const names = header.getUint16(26, true) + header.getUint16(28, true); // the name, extra fields
  const packed = await file.readUint8Array(offset + LOCAL_HEADER + names, compressedSize);
  const cap = Math.max(limits.ratioFreeBytes, limits.ratio * compressedSize);
  const bytes = compressionMethod === STORED ? packed : Uint8Array.from(
    inflateRawSync(packed, { maxOutputLength: Math.min(uncompressedSize, cap) || 1 }),
  );
  if (bytes.length !== uncompressedSize) {
    throw new RangeError(`expected ${uncompressedSize} bytes, received ${bytes.length}`);
  }
  if (crc32(bytes) !== signature) throw new RangeError("damaged: its checksum is another");
  return bytes;
}

/** Bytes of an entry's own header before its name. */
const LOCAL_HEADER = 30;

/** Compression methods, as the format numbers them. */
const STORED = 0, DEFLATED = 8;

/** Reads parts of an open file, one read at a time: a file has one position. */
class FileReaderAt extends Reader<Deno.FsFile> {
  #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: Deno.FsFile, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const read = this.#last.then(async () => {
      const out = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
      await this.#file.seek(offset, Deno.SeekMode.Start);
      for (let at = 0; at < out.length;) {
        const n = await this.#file.read(out.subarray(at));
        if (n === null) throw new Error("the file ends early");
        at += n;
      }
      return out;
    });
    this.#last = read.catch(() => {});
    return read;
  }
}
