/** Manifests of schema 1, which stored a run's state among its counters under prefixed names. */
import type { CheckpointMeta, StoredManifest } from "./manifest.ts";
import { CHECKPOINT_SCHEMA, type Manifest } from "./manifest.ts";

const INTERVAL = "interval/", MUTED = "muted/";

/** Converts a manifest to the present schema; its digest remains that of the stored one. */
export function upgraded(manifest: StoredManifest): Manifest {
  const { schema, meta } = manifest;
  // the schema determines the type
  if (schema === CHECKPOINT_SCHEMA) return { ...manifest, schema, meta: meta as CheckpointMeta };
  const counters: Record<string, number> = {};
  const state: CheckpointMeta["state"] = { interval: {}, muted: [] };
  for (const [key, value] of Object.entries(meta.counters)) {
    if (key.startsWith(MUTED)) state.muted.push(key.slice(MUTED.length));
    else if (key.startsWith(INTERVAL)) {
      const slash = key.lastIndexOf("/");
      const means = state.interval[key.slice(INTERVAL.length, slash)] ??= { sum: 0, count: 0 };
      means[key.slice(slash + 1) as "sum" | "count"] = value; // no other was written
    } else counters[key] = value;
  }
  return { ...manifest, schema: CHECKPOINT_SCHEMA, meta: { ...meta, counters, state } };
}
