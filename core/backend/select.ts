/** Chooses the backend that a run computes on. */
import type { Backend, BackendOptions } from "./types.ts";

/**
 * Selects a backend and sets tfjs to it.
 * @throws Error if the named backend can't be had; with "auto" a slower one is taken instead, and
 * `onFallback` hears why
 */
export async function selectBackend(options: BackendOptions = {}): Promise<Backend> {
  const { threads = navigator.hardwareConcurrency, precision = "float32" } = options;
  const { locateLibrary, openTensorFlow } = await import("./tensorflow/mod.ts");
  return await openTensorFlow({ library: await locateLibrary(options), threads, precision });
}
