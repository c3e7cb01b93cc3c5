/** A zip of PNG, JPEG or WebP files, read entry by entry and without trust. */
import { configure, type FileEntry, Reader, Writer, ZipReader } from "@zip.js/zip.js";
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
  limits = ZIP_LIMITS,
): Promise<Source> {
  const file = await Deno.open(path);
  try {
    const stat = await file.stat();
    const reader = new ZipReader(new FileReaderAt(file, stat.size));
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
        read: () => inflate(entry, limits),
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
function refusal(entry: FileEntry, limits: typeof ZIP_LIMITS): string | undefined {
  const name = entry.filename;
  if (name.includes("\\") || name.includes("\0") || /^([a-z]:|\/)/i.test(name)) {
    return "an unsafe path";
  }
  if (name.split("/").includes("..")) return "a path that leaves the zip";
  // The upper half of the external attributes holds the Unix mode; 0o120000 is a symbolic link.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return "a symbolic link";
  if (entry.encrypted) return "encrypted";
  if (entry.uncompressedSize > limits.entryBytes) return `larger than ${limits.entryBytes} bytes`;
  const isBomb = entry.uncompressedSize > limits.ratioFreeBytes &&
    entry.uncompressedSize > limits.ratio * entry.compressedSize;
  return isBomb ? `inflates more than ${limits.ratio} times` : undefined;
}

/** A name for a message: no control characters. */
function printable(name: string): string {
  // deno-lint-ignore no-control-regex
  return name.replace(/[\x00-\x1f\x7f]/g, "?").slice(0, 200);
}

/** Inflates one entry; the caps count what comes out, whatever the header claims. */
async function inflate(entry: FileEntry, limits: typeof ZIP_LIMITS): Promise<Uint8Array> {
  const cap = Math.min(
    limits.entryBytes,
    Math.max(limits.ratioFreeBytes, limits.ratio * entry.compressedSize),
  );
  return await entry.getData(new CappedWriter(cap), { checkSignature: true });
}

/** Collects an entry's bytes up to a cap. */
class CappedWriter extends Writer<Uint8Array> {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #cap: number;

  constructor(cap: number) {
    super();
    this.#cap = cap;
  }

  override writeUint8Array(chunk: Uint8Array): Promise<void> {
    this.#length += chunk.length;
    if (this.#length > this.#cap) {
      return Promise.reject(new RangeError(`inflates beyond ${this.#cap} bytes`));
    }
    this.#chunks.push(chunk.slice());
    return Promise.resolve();
  }

  override getData(): Promise<Uint8Array> {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return Promise.resolve(out);
  }
}

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
