/** Puts a kernel of ours around one of tfjs-node's. */
import * as tf from "@tensorflow/tfjs";

/** What a kernel gets. */
export type KernelArguments = Parameters<tf.KernelFunc>[0];

/**
 * @param kernelName e.g. "Mean"
 * @param kernel runs in its place, and may run the original; what it makes on the way is disposed
 */
export function wrapKernel(
  kernelName: string,
  kernel: (original: tf.KernelFunc, args: KernelArguments) => ReturnType<tf.KernelFunc>,
): void {
  const original = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...original,
    // tfjs-node's kernels return tensors, of which TensorInfo is a part.
    kernelFunc: (args) => tf.tidy(() => kernel(original.kernelFunc, args) as tf.Tensor),
  });
}
