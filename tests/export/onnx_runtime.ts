/** onnxruntime, WebAssembly's build: runs exported files in tests. */
import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;

/** A tensor to feed. */
export interface Fed {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

/** Runs a file once. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Fed>>,
): Promise<Record<string, { data: Float32Array; shape: readonly number[] }>> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  try {
    const feeds = Object.entries(inputs).map(([name, { data, shape }]) => {
      const type = data instanceof Float32Array ? "float32" : "int32";
      return [name, new ort.Tensor(type, data, shape)] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [
        name,
        { data: data as Float32Array, shape: dims }, // all outputs are float32
      ]),
    );
  } finally {
    await session.release();
  }
}
