/** A zip of pictures from any program and an untrusted source, read entry by entry. */
import { configure, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { constants, crc32, inflateRawSync } from "node:zlib";
import { sha256 } from "../../core/sha256.ts";
import type { SkippedFile } from "../../core/data.ts";
import { HEAD_BYTES, isSystemFile, unreadable } from "../../core/images/mod.ts";
import { printableLine } from "../../core/text.ts";
import { type AdaLabels, isDatasetJson, MAX_DATASET_JSON, parseAdaLabels } from "./ada_labels.ts";
import { labelFiles } from "./label_files.ts";
import { type Foreign, foreignReason, type FoundFile, shortName, type Source } from "./source.ts";
import { readAt, TurnsAtFile } from "../turns_at_file.ts";

configure({ useWebWorkers: false }); // one entry at a time: a worker would only copy

type Limits = typeof ZIP_LIMITS;

/** Limits that no legitimate image set reaches; tests lower them. */
export const ZIP_LIMITS = {
  entries: 1_000_000,
  entryBytes: 256 * 2 ** 20,
  totalBytes: 256 * 2 ** 30, // counted on what is read, once over
  ratio: 100, // above ratioFreeBytes
  ratioFreeBytes: 100_000,
};

/**
 * Lists a zip's images; see {@linkcode labelFiles} for their labels. Names that leave the folder,
 * links, encrypted entries, nested zips and entries that exceed {@linkcode ZIP_LIMITS} are skipped
 * with a reason.
 * @param path an existing file
 * @param foreign decides which files are skipped
 * @throws Error if it is not a zip
 */
export async function zipSource(
  path: string,
  foreign: Foreign = foreignReason,
  limits: Limits = ZIP_LIMITS,
): Promise<Source> {
  const file = await Deno.open(path);
  try {
    const stat = await file.stat();
    const bytes = new FileReaderAt(file, stat.size), reader = new ZipReader(bytes);
    const found: FoundFile[] = [], skipped: SkippedFile[] = [], seen = new Set<string>();
    let ada: AdaLabels | undefined, revision: string | undefined;
    let count = 0, total = 0;
    // Unsafe names are refused one by one below; nothing is ever extracted to disk.
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      if (++count > limits.entries) {
        throw new RangeError(
          `Cannot read ${path}: expected at most ${limits.entries} entries, received more`,
        );
      }
      if (entry.directory) continue;
      const name = nameOf(entry);
      if (name.endsWith("/") || isSystemFile(name)) continue;
      const place = placeOf(entry);
      let refused = seen.has(name) ? "the same name twice" : refusal(name, entry, limits);
      seen.add(name);
      if (
        refused === undefined && isDatasetJson(name) && !ada &&
        place.uncompressedSize <= MAX_DATASET_JSON
      ) {
        try {
          const json = await inflate(bytes, place, limits);
          ada = parseAdaLabels(new TextDecoder().decode(json), name);
          if (ada) {
            revision = sha256(json);
            continue;
          }
        } catch (error) {
          refused = unreadable(name, error);
        }
      }
      const reason = refused ??
        await foreignOf(foreign, name, () => inflateHead(bytes, place, limits));
      if (reason !== undefined) {
        skipped.push({ path: printableLine(name).slice(0, 200), reason });
        continue;
      }
      total += entry.uncompressedSize;
      if (total > limits.totalBytes) {
        throw new RangeError(
          `Cannot read ${path}: expected at most ${limits.totalBytes} bytes of images, ` +
            `received more`,
        );
      }
      found.push({
        path: name,
        bytes: entry.uncompressedSize,
        modified: stat.mtime?.getTime() ?? 0,
        read: () => inflate(bytes, place, limits),
      });
    }
    return {
      name: shortName(path),
      source: path,
      ...labelFiles(found, ada),
      skipped,
      ...(revision === undefined ? {} : { revision }),
      close: () => file.close(),
    };
  } catch (cause) {
    file.close();
    if (cause instanceof RangeError) throw cause;
    throw new Error(`Cannot read ${path}: expected a whole zip file`, { cause });
  }
}

/**
 * An entry's name with "/" between folders: some Windows programs write "\\". By the standard,
 * names without the UTF-8 flag are in code page 437, but most Unix and macOS programs write UTF-8:
 * valid UTF-8 is decoded as such.
 */
function nameOf({ filename, rawFilename, filenameUTF8 }: FileEntry): string {
  let name = filename;
  if (!filenameUTF8) {
    try {
      name = new TextDecoder("utf-8", { fatal: true }).decode(rawFilename);
    } catch { /* code page 437, as the reader has it */ }
  }
  return name.replaceAll("\\", "/");
}

/** If the head can't be read, the error becomes the reason to skip the entry. */
async function foreignOf(
  foreign: Foreign,
  name: string,
  head: () => Promise<Uint8Array>,
): Promise<string | undefined> {
  try {
    return await foreign(name, head);
  } catch (error) {
    return unreadable(name, error);
  }
}

/** Why an entry is refused. */
function refusal(name: string, entry: FileEntry, limits: Limits): string | undefined {
  if (name.includes("\0") || /^([a-z]:|\/)/i.test(name)) {
    return "an unsafe path";
  }
  if (name.split("/").includes("..")) return "a path that leaves the zip";
  // The upper half of the external attributes holds the Unix mode; 0o120000 is a symbolic link.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return "a symbolic link";
  if (entry.encrypted) return "encrypted: unpack the zip with its password first";
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return "packed by another method than deflate: pack the zip anew";
  }
  if (Math.max(entry.uncompressedSize, entry.compressedSize) > limits.entryBytes) {
    return `larger than ${limits.entryBytes} bytes`;
  }
  const isBomb = entry.uncompressedSize > limits.ratioFreeBytes &&
    entry.uncompressedSize > limits.ratio * entry.compressedSize;
  return isBomb ? `inflates more than ${limits.ratio} times` : undefined;
}

/** Extracts what reading an entry needs. */
function placeOf(entry: FileEntry): Place {
  const { offset, uncompressedSize, compressedSize, compressionMethod, signature } = entry;
  return {
    ...{ offset, uncompressedSize, compressedSize, compressionMethod },
    ...(signature === undefined ? {} : { signature }),
  };
}

/** What reading an entry needs: little, since there may be a million entries. */
type Place = Pick<
  FileEntry,
  "offset" | "uncompressedSize" | "compressedSize" | "compressionMethod" | "signature"
>;

/** Inflates an entry to at most the size in its header and within the limits. */
async function inflate(file: FileReaderAt, place: Place, limits: Limits): Promise<Uint8Array> {
  const { uncompressedSize, compressedSize, compressionMethod, signature } = place;
  const packed = await readPacked(file, place, compressedSize);
  const cap = Math.max(limits.ratioFreeBytes, limits.ratio * compressedSize);
  const bytes = compressionMethod === STORED ? packed : Uint8Array.from(
    inflateRawSync(packed, { maxOutputLength: Math.min(uncompressedSize, cap) || 1 }),
  );
  if (bytes.length !== uncompressedSize) {
    throw new RangeError(`expected ${uncompressedSize} bytes, received ${bytes.length}`);
  }
  if (crc32(bytes) !== signature) throw new RangeError("damaged: its checksum differs");
  return bytes;
}

/** The first bytes of an entry, or all of it. */
async function inflateHead(file: FileReaderAt, place: Place, limits: Limits): Promise<Uint8Array> {
  if (place.uncompressedSize <= HEAD_BYTES) return await inflate(file, place, limits);
  const packed = await readPacked(file, place, Math.min(place.compressedSize, 4 * HEAD_BYTES));
  if (place.compressionMethod === STORED) return packed.subarray(0, HEAD_BYTES);
  const finishFlush = constants.Z_SYNC_FLUSH; // what there is of a stream that goes on
  return inflateRawSync(packed, { finishFlush }).subarray(0, HEAD_BYTES);
}

/** The first `length` compressed bytes of an entry. */
async function readPacked(
  file: FileReaderAt,
  { offset }: Place,
  length: number,
): Promise<Uint8Array> {
  const header = new DataView((await file.readUint8Array(offset, LOCAL_HEADER)).buffer);
  if (header.byteLength < LOCAL_HEADER || header.getUint32(0, true) !== 0x04034b50) {
    throw new RangeError("damaged: there is no entry where the directory says");
  }
  const names = header.getUint16(26, true) + header.getUint16(28, true); // the name, extra fields
  return await file.readUint8Array(offset + LOCAL_HEADER + names, length);
}

/** Bytes of an entry's local header before its name. */
const LOCAL_HEADER = 30;

/** The format's numbers of compression methods. */
const STORED = 0, DEFLATED = 8;

/** Random access to an open file, one read at a time, because a file has only one position. */
class FileReaderAt extends Reader<Deno.FsFile> {
  #turns: TurnsAtFile;

  constructor(file: Deno.FsFile, size: number) {
    super(file);
    this.#turns = new TurnsAtFile(file);
    this.size = size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    return this.#turns.next(async (file) => {
      const bytes = await readAt(file, offset, wanted);
      if (bytes.length < wanted) throw new Error("the file ends early");
      return bytes;
    });
  }
}
