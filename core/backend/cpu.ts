/** tfjs's plain JavaScript backend: slow, everywhere, and what the others are tested against. */
import * as tf from "@tensorflow/tfjs";
import { correctKernels } from "./corrected_kernels.ts";
import { tfjsBackend } from "./tfjs_backend.ts";
import type { Backend } from "./types.ts";

/** Sets tfjs to its "cpu" backend. */
export async function openCpu(): Promise<Backend> {
  correctKernels("cpu");
  await tf.setBackend("cpu");
  // Its first use would print a hint; only the command line prints.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false; // MathBackendCPU's own field
  return tfjsBackend({ name: "cpu" });
}
