import * as tf from "@tensorflow/tfjs";
import { type Project, projectInJavaScript, type ProjectionShape } from "./project.ts";

/**
 * `Project` as a float32 matrix product on tfjs's active backend: many times faster than
 * `projectInJavaScript` on TensorFlow, WASM and WebGPU.
 */
export async function projectWithTfjs(
  patches: Float32Array,
  directions: Float32Array,
  shape: ProjectionShape,
): Promise<Float32Array> {
  const { patches: n, length, directions: k } = shape;
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d(directions, [k, length]),
      tf.tensor2d(patches.subarray(0, n * length), [n, length]),
      false,
      true,
    )
  );
  try {
    return await product.data<"float32">();
  } finally {
    product.dispose();
  }
}

/** {@linkcode projectWithTfjs}, unless tfjs would also compute it in JavaScript. */
export function fastestProject(): Project {
  const slow = tf.engine().backendName === undefined || tf.getBackend() === "cpu";
  return slow ? projectInJavaScript : projectWithTfjs;
}
