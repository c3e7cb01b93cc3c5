/// <reference lib="dom" />
/** Chooses the backend in a browser: the GPU if WebGPU is available, otherwise WebAssembly. */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Backends of pages, fastest first. */
export type BrowserBackend = "webgpu" | "wasm" | "cpu";

/** The chosen backend, and why no faster one was chosen. */
export interface ChosenBackend {
  backend: BrowserBackend;
  /** For example "WebAssembly, for this browser has no WebGPU". */
  text: string;
}

/**
 * Selects a backend.
 * @param files folder of the .wasm files
 * @param wanted the only one to try; default: the fastest one that starts
 * @throws Error if the wanted one does not start
 */
export async function chooseBackend(files: URL, wanted?: BrowserBackend): Promise<ChosenBackend> {
  const missing: string[] = [];
  if (wanted === undefined || wanted === "webgpu") {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    if (!adapter) missing.push("this browser has no WebGPU");
    else {
      await import("@tensorflow/tfjs-backend-webgpu");
      if (await starts("webgpu")) return { backend: "webgpu", text: "WebGPU" };
      missing.push("WebGPU did not start");
    }
  }
  if (wanted === undefined || wanted === "wasm") {
    setWasmPaths(files.href);
    const text = ["WebAssembly", ...missing.map((reason) => `for ${reason}`)].join(", ");
    if (await starts("wasm")) return { backend: "wasm", text };
    missing.push("WebAssembly did not start");
  }
  if (wanted === undefined || wanted === "cpu") {
    await tf.setBackend("cpu");
    return { backend: "cpu", text: `JavaScript, slowly: ${missing.join(", ")}` };
  }
  throw new Error(`Cannot compute on ${wanted}: ${missing.join(", ")}`);
}

async function starts(backend: BrowserBackend): Promise<boolean> {
  return await tf.setBackend(backend).catch(() => false);
}
