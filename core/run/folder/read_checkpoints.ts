/** Lists the checkpoints in a run's folder. */
import { join } from "node:path";
import { findCheckpoints } from "../../checkpoint/mod.ts";
import { decodeManifest, type Manifest, MANIFEST_NAME } from "../../checkpoint/manifest.ts";
import { upgraded } from "../../checkpoint/schema_1.ts";
import type { CheckpointEntry } from "../store/types.ts";

/** A checkpoint and its manifest. */
export interface ReadCheckpoint {
  entry: CheckpointEntry;
  manifest: Manifest;
}

/**
 * The checkpoints with readable manifests, oldest first; of two at the same imagesSeen, the later
 * attempt. Hashes are not verified here, but when a checkpoint is loaded.
 * @param folder the run's folder
 */
export async function readCheckpoints(folder: string): Promise<ReadCheckpoint[]> {
  const found = new Map<number, ReadCheckpoint>();
  for (const { path, folder: place, imagesSeen } of await findCheckpoints(folder)) {
    try {
      const bytes = await Deno.readFile(join(place, MANIFEST_NAME));
      const manifest = upgraded(decodeManifest(bytes));
      found.set(imagesSeen, { entry: entryOf(path, manifest, bytes.length), manifest });
    } catch {
      // Damaged, or just being removed: loading it will report that.
    }
  }
  return [...found.values()];
}

/** @param length bytes of the manifest itself */
function entryOf(path: string, manifest: Manifest, length: number): CheckpointEntry {
  return {
    imagesSeen: manifest.imagesSeen,
    path,
    bytes: Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, length),
    digest: manifest.digest,
    time: Date.parse(manifest.created),
  };
}
