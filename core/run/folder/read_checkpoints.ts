/** The checkpoints of a run, as its folder has them. */
import { join } from "node:path";
import { findCheckpoints } from "../../checkpoint/mod.ts";
import { decodeManifest, type Manifest, MANIFEST_NAME } from "../../checkpoint/manifest.ts";
import { upgraded } from "../../checkpoint/schema_1.ts";
import type { CheckpointEntry } from "../store/types.ts";

/** A checkpoint whose manifest was read. */
export interface ReadCheckpoint {
  entry: CheckpointEntry;
  manifest: Manifest;
}

/**
 * Those whose manifests can be read, oldest first; of two of as many images the later attempt.
 * Nothing is proved by its hash here: that is done where a checkpoint is loaded.
 * @param folder the run's
 */
export async function readCheckpoints(folder: string): Promise<ReadCheckpoint[]> {
  const found = new Map<number, ReadCheckpoint>();
  for (const { path, folder: place, imagesSeen } of await findCheckpoints(folder)) {
    try {
      const bytes = await Deno.readFile(join(place, MANIFEST_NAME));
      const manifest = upgraded(decodeManifest(bytes));
      found.set(imagesSeen, { entry: entryOf(path, manifest, bytes.length), manifest });
    } catch {
      // Damaged, or just being removed: whoever loads it is told.
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
