/** Compute backends: TensorFlow with recorded steps, and tfjs's own for every other machine. */
export { checkBackendOptions } from "./check_options.ts";
export * from "./doctor.ts";
export { ownRows } from "./own_rows.ts";
export { selectBackend } from "./select.ts";
export type * from "./types.ts";
