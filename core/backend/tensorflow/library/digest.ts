/** SHA-256 of large files, and the digest that identifies a library's exact contents. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { cacheRoot, damaged, type LibraryManifest, readManifest } from "./cache.ts";
import { makePrivate } from "../../../private_path.ts";
import { libraryNames } from "../binding/open.ts";
import { forget, remembered, type ResultCache } from "./remembered.ts";

/** @returns hexadecimal SHA-256, computed in bounded memory */
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

/** Combines the digests of all libraries into one, for the fingerprint. */
export function combinedDigest(digests: readonly string[]): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex").slice(0, 32);
}

/** The digest of a cached library and the files beside it, from its manifest. */
export function manifestDigest({ files }: LibraryManifest): string {
  // -1 becomes the largest integer, so other files come last
  const order = (name: string) => (libraryNames() as string[]).indexOf(name) >>> 0;
  const sorted = files.toSorted((a, b) =>
    order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1)
  );
  return combinedDigest(sorted.map(({ sha256 }) => sha256));
}

/**
 * The digest of libraries without a manifest. Reading 850 MB takes a second or two, so the result
 * is cached by path, size, inode and times.
 */
export async function folderDigest(folder: string): Promise<string> {
  const digests: string[] = [];
  for (const name of libraryNames()) digests.push(await rememberedDigest(join(folder, name)));
  return combinedDigest(digests);
}

/**
 * Reads a cached library's manifest and checks its files against it and the pinned digests. Files
 * are read in full only if they changed since the last check, or if others could have changed them.
 * @param pinned SHA-256 by name
 * @returns undefined if there is no manifest
 * @throws Error if the library is damaged, is not the one that is fetched, or someone else can
 * write to it
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
  if (other !== undefined) throw damaged(folder, "pinned libraries only", other);
  for (const place of pathsOf(folder, names)) {
    // Files that others could have written are read in full, whatever digest is cached.
    if (await makePrivate(place) === "tightened") await forgetDigests(folder);
  }
  for (const { name, sha256 } of manifest.files) {
    const received = await rememberedDigest(join(folder, name));
    if (received !== sha256) throw damaged(folder, `${name} with SHA-256 ${sha256}`, received);
  }
  return manifest;
}

/** The files and all folders that contain them, up to the cache's own. */
function pathsOf(folder: string, names: readonly string[]): string[] {
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
 * Makes the next check read the files of a library in full: a failing disk leaves their times
 * unchanged.
 */
export async function forgetDigests(folder: string): Promise<void> {
  for (const { name } of (await readManifest(folder))?.files ?? []) {
    await forget(join(folder, name), DIGEST_CACHE);
  }
}

const MIN_CACHED_BYTES = 16 << 20;
const DIGEST_CACHE: ResultCache = { name: "digests.json", pattern: /^[0-9a-f]{64}$/ };

async function rememberedDigest(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  if (size < MIN_CACHED_BYTES) return await fileDigest(path);
  return await remembered(path, DIGEST_CACHE, fileDigest);
}
