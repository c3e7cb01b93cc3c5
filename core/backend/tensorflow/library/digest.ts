/** SHA-256 of large files, and what identifies a library's bits. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { cacheRoot, damaged, type LibraryManifest, readManifest } from "./cache.ts";
import { makePrivate } from "../../../private_path.ts";
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
  // others come last
  const order = (name: string) => (libraryNames() as string[]).indexOf(name) >>> 0;
  const sorted = files.toSorted((a, b) =>
    order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1)
  );
  return combinedDigest(sorted.map(({ sha256 }) => sha256));
}

/**
 * The digest of libraries that have no manifest. Reading 850 MB takes a second or two, so the
 * result is remembered under path, size, inode and times of change.
 */
export async function folderDigest(folder: string): Promise<string> {
  const digests: string[] = [];
  for (const name of libraryNames()) digests.push(await rememberedDigest(join(folder, name)));
  return combinedDigest(digests);
}

/**
 * Reads a cached library's manifest and checks its files against it and the pinned digests; they
 * are read whole only where they changed since that was done last, or where others could have
 * changed them.
 * @param pinned SHA-256 by name
 * @returns undefined where there is none
 * @throws Error if it is there and damaged, other than what is fetched, or somebody else may write
 * it
 */
export async function intactManifest(
  folder: string,
  pinned: ReadonlyMap<string, string>,
): Promise<LibraryManifest | undefined> {
  const manifest = await readManifest(folder);
  if (!manifest) return undefined;
  for (const [name, sha256] of pinned) {
    const listed = manifest.files.find((file) => file.name === name)?.sha256 ?? "none";
    if (listed !== sha256) throw damaged(folder, `${name} with SHA-256 ${sha256}`, listed);
  }
  const names = manifest.files.map(({ name }) => name);
  const other = names.find((name) => !pinned.has(name));
  if (other !== undefined) throw damaged(folder, "libraries that are pinned alone", other);
  for (const place of placesOf(folder, names)) {
    // What others could have written is read whole, whatever is remembered of it.
    if (await makePrivate(place) === "tightened") await forgetDigests(folder);
  }
  for (const { name, sha256 } of manifest.files) {
    const received = await rememberedDigest(join(folder, name));
    if (received !== sha256) throw damaged(folder, `${name} with SHA-256 ${sha256}`, received);
  }
  return manifest;
}

/** The files and all folders that they lie in, up to the cache's own. */
function placesOf(folder: string, names: readonly string[]): string[] {
  const root = cacheRoot(), places = new Set<string>();
  for (const name of names) {
    for (let place = join(folder, name); !places.has(place); place = dirname(place)) {
      places.add(place);
      if (place === root || place === dirname(place)) break;
    }
  }
  return [...places].toSorted((a, b) => a.length - b.length); // a folder before what is in it
}

/**
 * Has the files of a library read whole at the next check: a failing disk leaves their times as
 * they were.
 */
export async function forgetDigests(folder: string): Promise<void> {
  for (const { name } of (await readManifest(folder))?.files ?? []) {
    await forget(join(folder, name), MEMORY);
  }
}

const WORTH_REMEMBERING = 16 << 20;
const MEMORY: Memory = { name: "digests.json", answer: /^[0-9a-f]{64}$/ };

async function rememberedDigest(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  if (size < WORTH_REMEMBERING) return await fileDigest(path);
  return await remembered(path, MEMORY, fileDigest);
}
