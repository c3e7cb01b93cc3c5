/** Checkpoints: written completely or not at all, and read only if proved intact. */
export * from "./compare.ts";
export * from "./digest.ts";
export { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
export type { FaultPoint } from "./files.ts";
export { canonicalJson, type Json, parseStrictJson } from "./json.ts";
export { CHECKPOINT_SCHEMA, type CheckpointMeta, type Manifest } from "./manifest.ts";
export { checkpointName, type CheckpointPath, findCheckpoints } from "./paths.ts";
export * from "./prune.ts";
export * from "./reader.ts";
export * from "./safetensors.ts";
export * from "./tensors.ts";
export * from "./writer.ts";
