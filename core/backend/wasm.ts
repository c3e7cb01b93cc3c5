/**
 * tfjs's WebAssembly backend (XNNPACK): comes from npm without a further download, and uses one
 * thread.
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { correctKernels } from "./corrected_kernels.ts";
import { tfjsBackend } from "./tfjs_backend.ts";
import type { Backend } from "./types.ts";
import { registerWasmKernels } from "./wasm_kernels.ts";
import { refuseMissingMemory } from "./wasm_memory.ts";

/**
 * Opens tfjs's "wasm" backend and adds the kernels that it lacks and training needs.
 * @throws Error if WebAssembly can't be started
 */
export async function openWasm(): Promise<Backend> {
  // The binaries are beside the package's code, wherever npm packages are stored.
  const code = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  if (tf.engine().findBackend("wasm") === null) setWasmPaths(`${dirname(code)}/`);
  correctKernels("wasm");
  registerWasmKernels();
  if (!await tf.setBackend("wasm")) {
    throw new Error(
      "Cannot start the WASM backend: expected WebAssembly to work, received a failure",
    );
  }
  refuseMissingMemory();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return tfjsBackend({ name: "wasm", fingerprint: { simd: String(simd) } });
}
