/** The user's cache of fetched libraries. */
import { join } from "node:path";
import { cacheFolder } from "../../../cache_folder.ts";
import { TENSORFLOW_VERSION } from "./wheel.ts";

/** Digest and size of a file in the cache. */
export interface CachedFile {
  /** Its path relative to the folder of TensorFlow's libraries. */
  name: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The manifest that is written last, beside the libraries. */
export interface LibraryManifest {
  version: string;
  /** File names of the wheels that the files came from, separated by spaces. */
  wheel: string;
  files: CachedFile[];
}

/**
 * The folder of all TensorFlow libraries that Cambium fetched; undefined if the user has no home.
 */
export function cacheRoot(): string | undefined {
  const folder = cacheFolder();
  return folder && join(folder, "tensorflow");
}

/** A build of TensorFlow: for CPUs, or for NVIDIA GPUs. */
export type LibraryBuild = "cpu" | "cuda";

/**
 * Where a build is stored in the cache. TensorFlow looks for CUDA's libraries in `../nvidia`, where
 * pip installs them, so the CUDA build is one level deeper.
 */
export interface CacheEntry {
  /** The folder that is created and removed as a whole. */
  entry: string;
  /** The folder of TensorFlow's libraries and the manifest: `entry` or a folder inside it. */
  folder: string;
}

/** @param root see {@linkcode cacheRoot} */
export function cacheEntry(root: string, build: LibraryBuild): CacheEntry {
  const entry = join(root, `${TENSORFLOW_VERSION}-${Deno.build.os}-${Deno.build.arch}`);
  if (build === "cpu") return { entry, folder: entry };
  return { entry: `${entry}-cuda`, folder: join(`${entry}-cuda`, "tensorflow") };
}

/**
 * Reads the manifest of a cached library and quickly checks the files' sizes.
 * @returns undefined if there is none
 * @throws Error if it exists but is damaged
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
  if (!manifest) throw damaged(folder, "a manifest", "an invalid one");
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

/** The error for a cached library that is not as it was fetched. */
export function damaged(folder: string, expected: string, received: string): Error {
  return new Error(
    `Cannot use the cached TensorFlow: expected ${expected} in ${folder}, received ${received}`,
  );
}
