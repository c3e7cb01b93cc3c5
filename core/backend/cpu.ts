/**
 * tfjs's plain JavaScript backend: slow, but available everywhere, and the reference that the other
 * backends are tested against.
 */
import * as tf from "@tensorflow/tfjs";
import { correctKernels } from "./corrected_kernels.ts";
import { tfjsBackend } from "./tfjs_backend.ts";
import type { Backend } from "./types.ts";

/** Sets tfjs to its "cpu" backend. */
export async function openCpu(): Promise<Backend> {
  correctKernels("cpu");
  await tf.setBackend("cpu");
  quietCpu();
  return tfjsBackend({ name: "cpu" });
}

/**
 * Suppresses the hint that tfjs's "cpu" backend prints when it is first used: only the command line
 * may print. Does nothing if another backend is active.
 */
export function quietCpu(): void {
  const backend = tf.backend(); // initializes the default one
  // internal to MathBackendCPU
  if (tf.getBackend() === "cpu") (backend as unknown as { firstUse: boolean }).firstUse = false;
}
