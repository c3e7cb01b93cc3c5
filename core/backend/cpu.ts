/** tfjs's plain JavaScript backend: slow, everywhere, and what the others are tested against. */
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
 * Where tfjs is at its "cpu" backend, as at the start: its first use shall print no hint. Only the
 * command line prints.
 */
export function quietCpu(): void {
  const backend = tf.backend(); // initializes the default one
  // MathBackendCPU's
  if (tf.getBackend() === "cpu") (backend as unknown as { firstUse: boolean }).firstUse = false;
}
