/** The user's cache of fetched libraries. */
import { join } from "node:path";
import { cacheFolder } from "../../../cache_folder.ts";
import { TENSORFLOW_VERSION } from "./wheel.ts";

/** Digest and size of a file in the cache. */
export interface CachedFile {
  /** Its path, seen from the folder of TensorFlow's libraries. */
  name: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Written last, beside the libraries. */
export interface LibraryManifest {
  version: string;
  /** File names of the wheels they came from, in a line. */
  wheel: string;
  files: CachedFile[];
}

/** The folder of all of Cambium's TensorFlow libraries; undefined where the user has no home. */
export function cacheRoot(): string | undefined {
  const folder = cacheFolder();
  return folder && join(folder, "tensorflow");
}

/** Which build of TensorFlow: for the processor, or for NVIDIA's GPUs. */
export type LibraryBuild = "cpu" | "cuda";

/**
 * Where a build lies in the cache. TensorFlow looks for CUDA's libraries in `../nvidia`, as pip
 * lays them, so that build is a level deeper.
 */
export interface CacheEntry {
  /** What is made and removed as a whole. */
  entry: string;
  /** The folder of TensorFlow's libraries and the manifest: `entry` or inside it. */
  folder: string;
}

/** @param root see {@linkcode cacheRoot} */
export function cacheEntry(root: string, build: LibraryBuild): CacheEntry {
  const entry = join(root, `${TENSORFLOW_VERSION}-${Deno.build.os}-${Deno.build.arch}`);
  if (build === "cpu") return { entry, folder: entry };
  return { entry: `${entry}-cuda`, folder: join(`${entry}-cuda`, "tensorflow") };
}

/**
 * Reads and quickly checks a cached library: manifest and sizes.
 * @returns undefined where there is none
 * @throws Error if it is there and damaged
 */
export async function readManifest(folder: string): Promise<LibraryManifest | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(join(folder, "manifest.json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const manifest = parseManifest(text);
  if (!manifest) throw damaged(folder, "a manifest", "one that is none");
  for (const { name, bytes } of manifest.files) {
    const size = await Deno.stat(join(folder, name)).then((info) => info.size, () => -1);
    if (size !== bytes) throw damaged(folder, `${name} of ${bytes} bytes`, `${size} bytes`);
  }
  return manifest;
}

function parseManifest(text: string): LibraryManifest | undefined {
  try {
    const manifest = JSON.parse(text) as LibraryManifest; // each member is checked below
    const good = typeof manifest.version === "string" && typeof manifest.wheel === "string" &&
      Array.isArray(manifest.files) && manifest.files.length > 0 &&
      manifest.files.every((file) =>
        /^(\.\.\/nvidia\/\w+\/lib\/)?\w[\w.-]*$/.test(file.name) &&
        Number.isSafeInteger(file.bytes) &&
        /^[0-9a-f]{64}$/.test(file.sha256)
      );
    return good ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** What a cached library that is not as it was fetched is refused with. */
export function damaged(folder: string, expected: string, received: string): Error {
  return new Error(
    `Cannot use the cached TensorFlow: expected ${expected} in ${folder}, received ${received}`,
  );
}
