import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "./mod.ts";

const adapter = await navigator.gpu?.requestAdapter() ?? null;

Deno.test({
  name: "WebGPU computes what plain JavaScript computes",
  ignore: adapter === null,
  sanitizeResources: false, // tfjs keeps its device for the life of the process
  async fn() {
    const values = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i));
    const results: tf.TypedArray[] = [];
    for (const name of ["cpu", "webgpu"] as const) {
      const backend = await selectBackend({ name });
      const x = tf.tensor(values(96), [2, 4, 4, 3]), w = tf.tensor(values(108), [3, 3, 3, 4]);
      const compiled = backend.compile("gradient", ({ x, w }) => ({
        y: tf.grad((w) =>
          tf.sum(tf.tanh(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same")))
        )(w!),
      }));
      const { y } = await compiled.run({ x, w }, [0, 0]);
      results.push(await y!.data());
      tf.dispose([x, w, y!]);
    }
    const [expected, received] = results;
    received!.forEach((x, i) => assert.ok(Math.abs(x - expected![i]!) < 1e-4));
  },
});

Deno.test({
  name: "selectBackend() says what WebGPU lacks",
  ignore: adapter !== null,
  async fn() {
    await assert.rejects(
      selectBackend({ name: "webgpu" }),
      /expected an adapter.*mesa-vulkan-drivers/,
    );
  },
});
