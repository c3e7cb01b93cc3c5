/**
 * Compute backends: TensorFlow, which records steps, and tfjs's own backends for machines without
 * it.
 */
export { checkBackendOptions } from "./check_options.ts";
export * from "./doctor.ts";
export { ownRows } from "./own_rows.ts";
export { selectBackend } from "./select.ts";
export type * from "./types.ts";
