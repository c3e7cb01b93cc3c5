/** SHA-256 of large files, and what identifies a library's bits. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type CachedFile, damaged, type LibraryManifest, readManifest } from "./cache.ts";
import { libraryNames } from "../binding/open.ts";
import { forget, type Memory, remembered } from "./remembered.ts";

/** @returns hexadecimal SHA-256; memory stays bounded */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const chunk = new Uint8Array(4 << 20);
  for (;;) {
    const length = await file.read(chunk);
    if (length === null) return hash.digest("hex");
    hash.update(chunk.subarray(0, length));
  }
}

/** One line for all libraries, for the fingerprint: the digest of their digests. */
export function combinedDigest(digests: readonly string[]): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex").slice(0, 32);
}

/** The digest of a cached library and of what lies beside it, from its manifest. */
export function manifestDigest({ files }: LibraryManifest): string {
  const order = (name: string) => (libraryNames() as string[]).indexOf(name) >>> 0; // others come last
  const sorted = files.toSorted((a, b) =>
    order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1)
  );
  return combinedDigest(sorted.map(({ sha256 }) => sha256));
}

/**
 * The digest of libraries that have no manifest. Reading 850 MB takes a second or two, so the result is
 * remembered under path, size and time of change.
 */
export async function folderDigest(folder: string): Promise<string> {
  const digests: string[] = [];
  for (const name of libraryNames()) digests.push(await rememberedDigest(join(folder, name)));
  return combinedDigest(digests);
}

/**
 * Reads a cached library's manifest and checks its files against it; they are read whole only where they changed since that
 * was done last.
 * @returns undefined where there is none
 * @throws Error if it is there and damaged
 */
export async function intactManifest(folder: string): Promise<LibraryManifest | undefined> {
  const manifest = await readManifest(folder);
  for (const { name, sha256 } of manifest?.files ?? []) {
    const received = await rememberedDigest(join(folder, name));
    if (received !== sha256) throw damaged(folder, `${name} with SHA-256 ${sha256}`, received);
  }
  return manifest;
}

/** Spares the first check of files whose digests were computed as they were written. */
export async function rememberDigests(folder: string, files: readonly CachedFile[]): Promise<void> {
  for (const { name, sha256 } of files) {
    await rememberedDigest(join(folder, name), () => Promise.resolve(sha256));
  }
}

/** Has the files of a library read whole at the next check: a failing disk leaves their times as they were. */
export async function forgetDigests(folder: string): Promise<void> {
  for (const { name } of (await readManifest(folder))?.files ?? []) {
    await forget(join(folder, name), MEMORY);
  }
}

const WORTH_REMEMBERING = 16 << 20;
const MEMORY: Memory = { name: "digests.json", answer: /^[0-9a-f]{64}$/ };

async function rememberedDigest(path: string, compute = fileDigest): Promise<string> {
  const { size } = await Deno.stat(path);
  return size < WORTH_REMEMBERING ? await compute(path) : await remembered(path, MEMORY, compute);
}
