/** TensorFlow from Deno: the library, tfjs-node's kernels on it, and recorded functions. */
export { type LocatedLibrary, locateLibrary } from "./library/locate.ts";
export { openLocated } from "./open_located.ts";
