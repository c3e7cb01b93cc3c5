import * as tf from "@tensorflow/tfjs";

/** The parts of tfjs-node's backend that are used here; its own types would load tfjs-node. */
interface TensorflowBackend {
  binding: { TF_ATTR_FLOAT: number; TF_ATTR_TYPE: number; TF_FLOAT: number };
  executeSingleOutput(
    name: string,
    attributes: { name: string; type: number; value: number }[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
}

/**
 * Runs a TensorFlow op that tfjs does not offer, on float32 tensors. It is not differentiated.
 * @param name of the op, e.g. "LeakyReluGrad"; its type attribute must be called T
 * @param inputs float32
 * @param attributes of type float
 * @returns the op's only output, of the first input's rank; undefined if the backend is not
 * TensorFlow
 */
export function runTensorflowOp<T extends tf.Tensor>(
  name: string,
  inputs: [T, ...tf.Tensor[]],
  attributes: Record<string, number>,
): T | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  // The backend of that name is tfjs-node's.
  const backend = tf.backend() as unknown as TensorflowBackend;
  const { TF_ATTR_FLOAT, TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const list = Object.entries(attributes).map(([name, value]) => ({
    name,
    type: TF_ATTR_FLOAT,
    value,
  }));
  list.push({ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT });
  return backend.executeSingleOutput(name, list, inputs) as T; // by this function's contract
}
