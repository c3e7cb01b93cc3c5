/**
 * Fetches TensorFlow's libraries once, with the user's own pip, and so with their mirror, proxy and
 * certificates.
 */
import { basename, join, relative } from "node:path";
import type { BackendOptions, LibraryProgress } from "../../types.ts";
import { type CachedFile, cacheEntry, type LibraryBuild, type LibraryManifest } from "./cache.ts";
import { makePrivate } from "../../../private_path.ts";
import { intactManifest } from "./digest.ts";
import { libraryNames } from "../binding/open.ts";
import { downloadWheel } from "./download_wheel.ts";
import { unpackWheel } from "./unpack.ts";
import { pinnedFiles, placeOf } from "./pinned_files.ts";
import { pinOf } from "./pins.ts";
import type { Wheel } from "./wheel.ts";

/** Options of {@linkcode fetchLibrary}. */
export interface FetchOptions {
  /** TensorFlow's wheel comes first. */
  wheels: readonly Wheel[];
  build: LibraryBuild;
  root: string;
  onProgress?: NonNullable<BackendOptions["onProgress"]>;
}

/**
 * Puts the libraries into the cache, either completely or not at all. A second process waits for
 * the first.
 * @returns their folder
 * @throws Error with pip's own message if the download fails
 */
export async function fetchLibrary(
  { wheels, build, root, onProgress }: FetchOptions,
): Promise<string> {
  const report = (progress: LibraryProgress) => onProgress?.(progress);
  const { entry, folder } = cacheEntry(root, build);
  await Deno.mkdir(root, { recursive: true, mode: 0o700 });
  await makePrivate(root);
  using lock = await Deno.open(join(root, ".lock"), { create: true, write: true });
  if (!await lock.tryLock(true)) {
    report({ stage: "download", message: "waiting for another process that fetches TensorFlow" });
    await lock.lock(true);
  }
  if (await isComplete(folder, build)) return folder;
  await removeLeftovers(root);

  const temporary = join(root, `.tmp-${crypto.randomUUID()}`);
  try {
    const download = join(temporary, "download"), unpacked = join(temporary, "unpacked");
    const libraries = join(unpacked, relative(entry, folder));
    await Deno.mkdir(libraries, { recursive: true });
    const files: CachedFile[] = [], names: string[] = [];
    for (const wheel of wheels) {
      await Deno.mkdir(download, { recursive: true });
      const path = await downloadWheel(wheel, download, report);
      names.push(basename(path));
      files.push(
        ...await unpackWheel(path, libraries, (name) => placeOf(name), pinOf(wheel).files, report),
      );
      // frees space early: the CUDA build takes 3.5 GB without its wheels
      await Deno.remove(download, { recursive: true });
    }
    checkComplete(files, names[0]!); // TensorFlow's wheel comes first
    const { version } = wheels[0]!; // as above
    const manifest: LibraryManifest = { version, wheel: names.join(" "), files };
    const manifestFile = join(libraries, "manifest.json");
    await Deno.writeTextFile(manifestFile, JSON.stringify(manifest, null, 2) + "\n");
    await Deno.remove(entry, { recursive: true }).catch(ignoreNotFound); // a damaged one
    await Deno.rename(unpacked, entry);
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(ignoreNotFound);
  }
  return folder;
}

function checkComplete(files: readonly CachedFile[], wheel: string): void {
  const missing = libraryNames().find((name) => !files.some((file) => file.name === name));
  if (missing === undefined) return;
  throw new Error(
    `Cannot unpack ${wheel}: expected tensorflow/${missing} inside, received a wheel without it. ` +
      `Run again to fetch it anew`,
  );
}

async function isComplete(folder: string, build: LibraryBuild): Promise<boolean> {
  try {
    return await intactManifest(folder, pinnedFiles(build)) !== undefined;
  } catch {
    return false; // damaged: it is replaced
  }
}

/** Removes what a killed process left; the lock ensures that no other process is working here. */
async function removeLeftovers(root: string): Promise<void> {
  for await (const { name } of Deno.readDir(root)) {
    if (name.startsWith(".tmp-")) await Deno.remove(join(root, name), { recursive: true });
  }
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
