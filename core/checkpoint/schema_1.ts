/**
 * Manifests of schema 1, which kept a run's state among its counters, under names with a prefix.
 */
import type { CheckpointMeta, StoredManifest } from "./manifest.ts";
import { CHECKPOINT_SCHEMA, type Manifest } from "./manifest.ts";

const INTERVAL = "interval/", MUTED = "muted/";

/** A manifest as the present schema has it; its digest stays the one of what was stored. */
export function upgraded(manifest: StoredManifest): Manifest {
  const { schema, meta } = manifest;
  // by schema
  if (schema === CHECKPOINT_SCHEMA) return { ...manifest, schema, meta: meta as CheckpointMeta };
  const counters: Record<string, number> = {};
  const state: CheckpointMeta["state"] = { interval: {}, muted: [] };
  for (const [key, value] of Object.entries(meta.counters)) {
    if (key.startsWith(MUTED)) state.muted.push(key.slice(MUTED.length));
    else if (key.startsWith(INTERVAL)) {
      const cut = key.lastIndexOf("/");
      const means = state.interval[key.slice(INTERVAL.length, cut)] ??= { sum: 0, count: 0 };
      means[key.slice(cut + 1) as "sum" | "count"] = value; // no other was written
    } else counters[key] = value;
  }
  return { ...manifest, schema: CHECKPOINT_SCHEMA, meta: { ...meta, counters, state } };
}
