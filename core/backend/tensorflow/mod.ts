/** TensorFlow from Deno: the library, tfjs-node's kernels on it, and recorded functions. */
export { type OpenOptions, openTensorFlow } from "./backend.ts";
export { type LocatedLibrary, locateLibrary } from "./library/locate.ts";
