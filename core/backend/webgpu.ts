/** tfjs's WebGPU backend: any GPU that Deno finds through Vulkan, Metal or Direct3D 12. */
import * as tf from "@tensorflow/tfjs";
import { correctKernels } from "./corrected_kernels.ts";
import { tfjsBackend } from "./tfjs_backend.ts";
import type { Backend } from "./types.ts";

/** Names of software adapters; Deno flags most of them itself. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render/i;

/**
 * Opens tfjs's "webgpu" backend with corrected kernels. Values can only be read asynchronously.
 * @param onSlower receives a warning if the adapter is a software one
 * @throws Error if there is no adapter
 */
export async function openWebGpu(onSlower: (message: string) => void = () => {}): Promise<Backend> {
  const adapter = await navigator.gpu?.requestAdapter() ?? null;
  if (adapter === null) {
    throw new Error(
      "Cannot use WebGPU: expected an adapter, received none. Install a driver (Vulkan on " +
        "Linux, e.g. mesa-vulkan-drivers), or take another backend",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  correctKernels("webgpu");
  if (!await tf.setBackend("webgpu")) {
    throw new Error("Cannot start the WebGPU backend: expected it to start, received a failure");
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, description].filter(Boolean).join(" ") || "WebGPU adapter";
  const isSoftware = isFallbackAdapter || SOFTWARE.test(description);
  if (isSoftware) {
    const shown = description || name;
    onSlower(
      `WebGPU computes on ${shown}, a software adapter: the processor emulates a GPU, ` +
        "many times slower than TensorFlow on it. A GPU's own driver would be taken first",
    );
  }
  return tfjsBackend({
    name: "webgpu",
    devices: [{
      name,
      kind: "GPU",
      ...(description ? { model: description } : {}),
      ...(isSoftware ? { isSoftware } : {}),
    }],
  });
}
