/** The manifest of a checkpoint: plain JSON that is validated and contains its own hash. */
import { join } from "node:path";
import * as v from "valibot";
import type { Phase } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { canonicalJson, parseStrictJson } from "./json.ts";
import { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
import { sha256 } from "../sha256.ts";

/** Incremented when the stored schema changes. */
export const CHECKPOINT_SCHEMA = 2;

/** Name of the manifest inside a checkpoint's folder. */
export const MANIFEST_NAME = "manifest.json";

/** Largest manifest that is written or read, in bytes. */
export const MAX_MANIFEST_BYTES = 8 * 2 ** 20;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const record = v.record(v.string(), v.unknown());
const texts = v.record(v.string(), v.string());

const phase = v.strictObject({
  index: count,
  resolution: count,
  kind: v.picklist(["fade", "stabilize"]),
  start: count,
  end: count,
  batchSize: count,
  learningRate: v.number(),
});

/** The metadata fields that both schemas have. */
const common = {
  plugins: v.array(v.string()),
  config: record,
  phases: v.array(phase),
  seed: v.pipe(v.number(), v.safeInteger()),
  counters: v.record(v.string(), v.number()),
  cursor: v.record(v.string(), count),
  pluginStates: record,
  dataset: v.strictObject({ name: v.string(), digest: v.string(), count }),
  fingerprint: texts,
  versions: texts,
  info: record,
};

const metaSchema: v.GenericSchema<unknown, CheckpointMeta> = v.strictObject({
  ...common,
  state: v.strictObject({
    interval: v.record(v.string(), v.strictObject({ sum: v.number(), count })),
    muted: v.array(v.string()),
  }),
});

/** The other fields that both schemas have. */
const head = {
  format: v.literal("cambium-checkpoint"),
  imagesSeen: count,
  digest: hash,
  created: v.string(),
  files: v.record(
    v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]*\.safetensors$/)),
    v.strictObject({ bytes: count, sha256: hash }),
  ),
};

const manifestSchema: v.GenericSchema<unknown, Manifest> = v.strictObject({
  ...head,
  schema: v.literal(CHECKPOINT_SCHEMA),
  meta: metaSchema,
});

const storedSchema: v.GenericSchema<unknown, StoredManifest> = v.variant("schema", [
  v.strictObject({ ...head, schema: v.literal(CHECKPOINT_SCHEMA), meta: metaSchema }),
  v.strictObject({ ...head, schema: v.literal(1), meta: v.strictObject(common) }),
]);

/** What a run needs besides its tensors to resume exactly. */
export interface CheckpointMeta {
  /** Plugin names in the order of their hooks, the model first. */
  plugins: string[];
  config: Record<string, unknown>;
  phases: Phase[];
  seed: number;
  /** Steps, lazy regularization counters and numeric accumulators. */
  counters: Record<string, number>;
  /** The rest of the trainer's state that is not a tensor. */
  state: {
    /** Running sums of the current interval of each curve, by the curve's name. */
    interval: Record<string, { sum: number; count: number }>;
    /** Hooks that failed and are no longer called. */
    muted: string[];
  };
  /** Samples consumed (not prefetched), by resolution or stream. */
  cursor: Record<string, number>;
  /** Plain data by plugin. */
  pluginStates: Record<string, unknown>;
  /** Compared when resuming. */
  dataset: { name: string; digest: string; count: number };
  /** What the backend's exact results depend on. Compared when resuming. */
  fingerprint: Record<string, string>;
  /** Versions of Cambium, Deno and the libraries. Compared when resuming. */
  versions: Record<string, string>;
  /** Anything else, e.g. seconds trained; not part of the digest. */
  info: Record<string, unknown>;
}

export interface Manifest {
  /** Identifies the kind of file. */
  format: "cambium-checkpoint";
  /** Version of the stored schema. */
  schema: typeof CHECKPOINT_SCHEMA;
  imagesSeen: number;
  /** SHA-256 (hex) of the whole state. */
  digest: string;
  /** Creation time, ISO 8601. */
  created: string;
  /** Size and SHA-256 (hex) of each file by its name; the checkpoint has no other files. */
  files: Record<string, { bytes: number; sha256: string }>;
  /** What a run needs besides its tensors. */
  meta: CheckpointMeta;
}

/** Metadata of any schema that can be read. */
export type StoredMeta = Omit<CheckpointMeta, "state"> & Partial<Pick<CheckpointMeta, "state">>;

/** A manifest as stored, of any schema that can be read. */
export type StoredManifest = Omit<Manifest, "schema" | "meta"> & {
  schema: typeof CHECKPOINT_SCHEMA | 1;
  meta: StoredMeta;
};

/**
 * @returns the manifest's bytes; its last field, `sha256`, covers all others
 * @throws TypeError if a field doesn't fit the schema or JSON would lose something
 * @throws CorruptCheckpointError if {@linkcode decodeManifest} would refuse the bytes
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const checked = v.safeParse(manifestSchema, manifest);
  if (!checked.success) {
    throw new TypeError(`Cannot write a checkpoint's manifest: ${issuesOf(checked.issues)}`);
  }
  const own = sha256(canonicalJson(manifest, "manifest"));
  const text = JSON.stringify({ ...manifest, sha256: own }, null, 1);
  const bytes = new TextEncoder().encode(text + "\n");
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new TypeError(
      `Cannot write a checkpoint's manifest: expected at most ${MAX_MANIFEST_BYTES} bytes, ` +
        `received ${bytes.length}. Keep large plugin state in tensors`,
    );
  }
  decodeManifest(bytes); // ensures that what is written can be read
  return bytes;
}

/**
 * @param folder of the checkpoint, for the message
 * @throws NewerCheckpointError for a manifest of a newer Cambium
 * @throws CorruptCheckpointError if the bytes are not an unmodified manifest
 */
export function decodeManifest(bytes: Uint8Array, folder?: string): StoredManifest {
  const refuse = (received: string, cause?: unknown) =>
    new CorruptCheckpointError(
      `Cannot read ${MANIFEST_NAME}: expected it as it was written, received ${received}`,
      { cause },
    );
  if (bytes.length > MAX_MANIFEST_BYTES) throw refuse(`${bytes.length} bytes`);
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (cause) {
    throw refuse(messageOf(cause), cause);
  }
  const outline = v.safeParse(
    v.looseObject({ format: v.literal("cambium-checkpoint"), schema: count, sha256: hash }),
    value,
  );
  if (!outline.success) throw refuse(issuesOf(outline.issues));
  const { sha256: own, ...rest } = outline.output;
  if (rest.schema > CHECKPOINT_SCHEMA) {
    throw new NewerCheckpointError(
      `Cannot read ${
        folder === undefined ? MANIFEST_NAME : join(folder, MANIFEST_NAME)
      }: expected ` +
        `schema ${CHECKPOINT_SCHEMA} or older, received ${rest.schema}. A newer Cambium wrote it: ` +
        `update this one`,
    );
  }
  if (sha256(canonicalJson(rest, "manifest")) !== own) throw refuse("other contents than its hash");
  const checked = v.safeParse(storedSchema, rest);
  if (!checked.success) throw refuse(issuesOf(checked.issues));
  // Return the value itself: the schema's output would lack keys such as "constructor".
  return rest as unknown as StoredManifest;
}

function issuesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? "manifest"}: ${issue.message}`).join("; ");
}
