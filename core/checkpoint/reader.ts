/** Reads checkpoints, and trusts only what their hashes prove. */
import { join } from "node:path";
import { isSystemFile } from "../images/system_files.ts";
import { messageOf } from "../text.ts";
import {
  decodeManifest,
  type Manifest,
  MANIFEST_NAME,
  MAX_MANIFEST_BYTES,
  type StoredManifest,
} from "./manifest.ts";
import { decodeSafetensors } from "./safetensors.ts";
import { upgraded } from "./schema_1.ts";
import { sha256 } from "../sha256.ts";
import { stateDigest } from "./digest.ts";
import { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
import { type CheckpointPath, findCheckpoints } from "./paths.ts";
import type { StoredTensors } from "./tensors.ts";

/** A checkpoint that was read and verified. */
export interface Checkpoint {
  /** The manifest, whose own hash was verified. */
  manifest: Manifest;
  /**
   * The arrays of each file by file name, e.g. "generator.safetensors"; their hashes were verified.
   */
  files: Record<string, StoredTensors>;
}

/** Options of {@linkcode loadNewestIntact}. */
export interface LoadOptions {
  /** Called for each damaged checkpoint, newest first; should be shown to the user. */
  onSkipped(path: string, reason: string): void;
}

/**
 * The newest intact checkpoint.
 * @returns null if the run has none at all
 * @throws NewerCheckpointError if a newer Cambium wrote the newest intact one
 * @throws CorruptCheckpointError if there are checkpoints but none is intact
 */
export async function loadNewestIntact(
  runFolder: string,
  { onSkipped }: LoadOptions,
): Promise<Checkpoint & CheckpointPath | null> {
  const found = await findCheckpoints(runFolder);
  for (const place of found.toReversed()) {
    try {
      return { ...await readCheckpoint(place.folder), ...place };
    } catch (error) {
      if (!(error instanceof CorruptCheckpointError)) throw error;
      onSkipped(place.path, error.message);
    }
  }
  if (found.length === 0) return null;
  throw new CorruptCheckpointError(
    `Cannot load ${runFolder}: expected an intact checkpoint, received ${found.length} ` +
      `that are not`,
  );
}

/**
 * Reads one checkpoint. Checks, in this order: the manifest's size and hash, the exact set of plain
 * files (system files such as .DS_Store are ignored), their sizes, their hashes, each safetensors
 * file, and the digest of the whole state.
 * @param folder e.g. "runs/00000-stylegan-emoji/checkpoints/000120000"
 * @throws CorruptCheckpointError if any check fails
 * @throws NewerCheckpointError if a newer Cambium wrote it
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  try {
    await expectPlain(folder, "isDirectory");
    const manifest = await readManifest(folder);
    await expectFiles(folder, [...Object.keys(manifest.files), MANIFEST_NAME]);
    const entries = Object.entries(manifest.files);
    for (const [name, { bytes }] of entries) {
      const { size } = await Deno.lstat(join(folder, name));
      if (size !== bytes) throw corrupt(`${name} of ${bytes} bytes`, `${size}`);
    }
    const files: Record<string, StoredTensors> = {};
    for (const [name, expected] of entries) {
      const bytes = await readCapped(folder, name, expected.bytes);
      const hash = sha256(bytes);
      if (hash !== expected.sha256) throw corrupt(`${name} with SHA-256 ${expected.sha256}`, hash);
      files[name] = decodeSafetensors(bytes).tensors;
    }
    const digest = stateDigest(manifest.imagesSeen, files, manifest.meta);
    if (digest !== manifest.digest) throw corrupt(`state digest ${manifest.digest}`, digest);
    return { manifest: upgraded(manifest), files };
  } catch (cause) {
    if (cause instanceof NewerCheckpointError || isTransient(cause)) throw cause;
    throw new CorruptCheckpointError(`Cannot load ${folder}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Reads only the manifest of a checkpoint; the other files are not checked.
 * @throws CorruptCheckpointError if it is damaged
 * @throws NewerCheckpointError if a newer Cambium wrote it
 */
export async function readManifest(folder: string): Promise<StoredManifest> {
  return decodeManifest(await readCapped(folder, MANIFEST_NAME, MAX_MANIFEST_BYTES), folder);
}

/** Whether the problem is this process's, not the checkpoint's: falling back would lose work. */
function isTransient(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof RangeError ||
    error instanceof Error && /EMFILE|ENFILE|too many open files/i.test(error.message);
}

function corrupt(expected: string, received: string): CorruptCheckpointError {
  return new CorruptCheckpointError(`expected ${expected}, received ${received}`);
}

async function expectPlain(path: string, kind: "isFile" | "isDirectory"): Promise<Deno.FileInfo> {
  const info = await Deno.lstat(path);
  if (!info[kind]) {
    const received = info.isSymlink ? "a symbolic link" : "something else";
    throw corrupt(`${path} to be a plain ${kind === "isFile" ? "file" : "folder"}`, received);
  }
  return info;
}

/** Reads a plain file of at most `limit` bytes; a file that grows meanwhile is refused. */
async function readCapped(folder: string, name: string, limit: number): Promise<Uint8Array> {
  const path = join(folder, name);
  const { size } = await expectPlain(path, "isFile");
  if (size > limit) throw corrupt(`${name} of at most ${limit} bytes`, `${size}`);
  const bytes = new Uint8Array(size);
  using file = await Deno.open(path);
  let offset = 0;
  while (offset < size) {
    const read = await file.read(bytes.subarray(offset));
    if (read === null) throw corrupt(`${name} of ${size} bytes`, `${offset}`);
    offset += read;
  }
  if (await file.read(new Uint8Array(1)) !== null) {
    throw corrupt(`${name} of ${size} bytes`, "more");
  }
  return bytes;
}

async function expectFiles(folder: string, names: string[]): Promise<void> {
  const expected = new Set(names);
  for await (const entry of Deno.readDir(folder)) {
    if (expected.delete(entry.name)) await expectPlain(join(folder, entry.name), "isFile");
    else if (!isSystemFile(entry.name)) throw corrupt("only the manifest's files", entry.name);
  }
  if (expected.size) throw corrupt("every file of the manifest", `no ${[...expected].join(", ")}`);
}
