/** tfjs's WebGPU backend: any GPU that Deno sees through Vulkan, Metal or Direct3D 12. */
import * as tf from "@tensorflow/tfjs";
import { tfjsBackend } from "./tfjs_backend.ts";
import type { Backend } from "./types.ts";

/**
 * Sets tfjs to its "webgpu" backend. Values there can only be read asynchronously.
 * @throws Error if there is no adapter
 */
export async function openWebGpu(): Promise<Backend> {
  const adapter = await navigator.gpu?.requestAdapter() ?? null;
  if (adapter === null) {
    throw new Error(
      "Cannot use WebGPU: expected an adapter, received none. Install a driver (Vulkan on " +
        "Linux, e.g. " +
        "mesa-vulkan-drivers), or take another backend",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu")) {
    throw new Error("Cannot start the WebGPU backend: expected it to start, received a failure");
  }
  const { vendor, architecture, description } = adapter.info;
  const name = [vendor, architecture, description].filter(Boolean).join(" ") || "WebGPU adapter";
  return tfjsBackend({ name: "webgpu", devices: [{ name, kind: "GPU" }] });
}
