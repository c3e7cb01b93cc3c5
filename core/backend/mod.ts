/** Compute backends: TensorFlow with recorded steps, and tfjs's own for every other machine. */
export { selectBackend } from "./select.ts";
export type * from "./types.ts";
