/**
 * Writes checkpoints atomically: whenever the process or the machine dies, a checkpoint is either
 * complete or absent.
 */
import { basename, dirname, join } from "node:path";
import { messageOf } from "../text.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { type CheckpointMeta, encodeManifest, type Manifest, MANIFEST_NAME } from "./manifest.ts";
import { CHECKPOINT_SCHEMA } from "./manifest.ts";
import { stateDigest } from "./digest.ts";
import { type FaultPoint, syncFile, syncFolder, writeSynced } from "./files.ts";
import { checkpointName, checkpointsFolder } from "./paths.ts";
import { readCheckpoint } from "./reader.ts";
import type { StoredTensors } from "./tensors.ts";

/** What to write. Tensors must not change until the promise resolves, so pass copies. */
export interface CheckpointContents {
  /** Images seen by the run, which names the folder. */
  imagesSeen: number;
  /** By file name, e.g. "generator.safetensors". */
  files: Readonly<Record<string, StoredTensors>>;
  /** Goes into the manifest together with hashes and sizes. */
  meta: CheckpointMeta;
  /**
   * Files of the run folder that must be as durable as the checkpoint; missing ones are ignored.
   */
  alongside?: readonly string[];
}

/** What was written. */
export interface WrittenCheckpoint {
  /** Relative to the run folder, e.g. "checkpoints/000120000". */
  path: string;
  /** Total size, including the manifest. */
  bytes: number;
  /** SHA-256 (hex) of the whole state; see {@linkcode stateDigest}. */
  digest: string;
}

/** Options of {@linkcode writeCheckpoint}. */
export interface WriteOptions {
  /** For tests: called before each step that a crash may interrupt. */
  at?: FaultPoint;
  /** For tests: the time in the manifest. */
  now?: Date;
}

/**
 * Writes a checkpoint into `<runFolder>/checkpoints/<images>`. Hold the run's lock meanwhile. Files
 * are written to a temporary folder and synced, the manifest last; then a single rename makes the
 * checkpoint exist. If a checkpoint with that number of images already exists, an intact one with
 * an equal digest is kept; otherwise the new one gets the suffix "-1", "-2" …
 * @throws Error with the system's error as its cause; unless its message says otherwise, no
 * checkpoint was written
 */
export async function writeCheckpoint(
  runFolder: string,
  contents: CheckpointContents,
  options: WriteOptions = {},
): Promise<WrittenCheckpoint> {
  const { imagesSeen, files, meta, alongside = [] } = contents;
  const at = options.at ?? (() => {});
  const parent = checkpointsFolder(runFolder);
  const nonce = crypto.randomUUID().slice(0, 8);
  const temporary = join(parent, `.tmp-${checkpointName(imagesSeen)}-${nonce}`);
  const manifest: Manifest = {
    format: "cambium-checkpoint",
    schema: CHECKPOINT_SCHEMA,
    imagesSeen,
    digest: stateDigest(imagesSeen, files, meta),
    created: (options.now ?? new Date()).toISOString(),
    files: {},
    meta: structuredClone(meta),
  };
  encodeManifest(manifest); // refuses meta that can't be read back before anything is written
  let bytes = 0;
  try {
    await makeFolder(parent, at);
    await at(`mkdir ${temporary}`);
    await Deno.mkdir(temporary);
    for (const name of Object.keys(files).sort()) {
      const chunks = encodeSafetensors(files[name]!); // an existing key
      const written = await writeSynced(join(temporary, name), chunks, at);
      manifest.files[name] = written;
      bytes += written.bytes;
    }
    const last = await writeSynced(join(temporary, MANIFEST_NAME), [encodeManifest(manifest)], at);
    bytes += last.bytes;
    await syncFolder(temporary, at);
    for (const name of alongside) await syncFile(join(runFolder, name), at);
    if (alongside.length > 0) await syncFolder(runFolder, at);
    const name = await moveIntoPlace(temporary, manifest, at);
    await syncAfterRename(parent, name, at);
    return { path: `checkpoints/${name}`, bytes, digest: manifest.digest };
  } catch (cause) {
    await removeQuietly(temporary);
    if (cause instanceof UnknownOutcome) throw cause;
    throw new Error(
      `Cannot write the checkpoint at ${imagesSeen} images into ${parent}: ${messageOf(cause)}. ` +
        `Earlier checkpoints are untouched`,
      { cause },
    );
  }
}

class UnknownOutcome extends Error {}

/** Creates `checkpoints/` and makes its name durable; the run folder itself must exist. */
async function makeFolder(path: string, at: FaultPoint): Promise<void> {
  try {
    await at(`mkdir ${path}`);
    await Deno.mkdir(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw error;
  }
  await syncFolder(dirname(path), at);
}

/**
 * Renames to an unused name, or finds an equal checkpoint, whose name may not be durable yet
 * because its writer may have died after the rename.
 * @returns the checkpoint's name
 */
async function moveIntoPlace(
  temporary: string,
  manifest: Manifest,
  at: FaultPoint,
): Promise<string> {
  const parent = dirname(temporary);
  for (let attempt = 0;; attempt++) {
    const target = join(parent, checkpointName(manifest.imagesSeen, attempt));
    if (await exists(target)) {
      if (await isSame(target, manifest.digest)) {
        await Deno.remove(temporary, { recursive: true });
        return basename(target);
      }
      continue;
    }
    try {
      await at(`rename ${target}`);
      await Deno.rename(temporary, target);
      return basename(target);
    } catch (error) {
      // Another writer took the name in between: a folder with files in it is never replaced.
      if (!(await exists(temporary)) || !(await exists(target))) throw error;
    }
  }
}

async function syncAfterRename(parent: string, name: string, at: FaultPoint): Promise<void> {
  try {
    await syncFolder(parent, at);
  } catch (cause) {
    throw new UnknownOutcome(
      `Cannot make the checkpoint ${name} durable: ${
        messageOf(cause)
      }. It is complete, but a power ` +
        `cut may undo it; the next start decides by its hashes`,
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function isSame(folder: string, digest: string): Promise<boolean> {
  try {
    return (await readCheckpoint(folder)).manifest.digest === digest;
  } catch {
    return false; // not intact: it is kept as it is, and this one gets a sibling
  }
}

/**
 * Best effort: if it fails, a temporary folder remains, which readers ignore and pruning removes.
 */
async function removeQuietly(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}
