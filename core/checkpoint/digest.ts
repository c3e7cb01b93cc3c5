/** A hash over the whole state that training resumes from. */
import { createHash } from "node:crypto";
import { canonicalJson } from "./json.ts";
import type { StoredMeta } from "./manifest.ts";
import type { StoredTensors } from "./tensors.ts";

/**
 * The part of a checkpoint's metadata that determines how training continues, without times, paths
 * or facts of the machine.
 */
export function exactState(imagesSeen: number, meta: StoredMeta): Record<string, unknown> {
  const { plugins, phases, seed, counters, state, cursor, pluginStates, dataset } = meta;
  return {
    imagesSeen,
    plugins,
    phases,
    seed,
    counters,
    state, // schema 1 has none, and canonical JSON then leaves it out
    cursor,
    pluginStates,
    datasetDigest: dataset.digest,
  };
}

/**
 * SHA-256 of the whole state: every tensor of every file in the order of their names, then the
 * exact part of the metadata as canonical JSON. It is equal for a resumed run and one that never
 * stopped, whatever the machine, time or folder.
 * @returns 64 hexadecimal digits
 */
export function stateDigest(
  imagesSeen: number,
  files: Readonly<Record<string, StoredTensors>>,
  meta: StoredMeta,
): string {
  const hash = createHash("sha256");
  for (const file of Object.keys(files).sort()) {
    const tensors = files[file]!; // an existing key
    for (const name of Object.keys(tensors).sort()) {
      const { dtype, shape, data } = tensors[name]!; // an existing key
      hash.update(`${JSON.stringify([file, name, dtype, shape])}\n`).update(data);
    }
  }
  return hash.update(canonicalJson(exactState(imagesSeen, meta), "state")).digest("hex");
}
