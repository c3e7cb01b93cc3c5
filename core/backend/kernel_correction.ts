/** Helpers for writing corrected kernels. */
import * as tf from "@tensorflow/tfjs";

/** The arguments of a kernel. */
export type KernelArguments = Parameters<tf.KernelFunc>[0];

/** Computes the right result in place of `original`; the caller disposes intermediate tensors. */
export type Correction = (
  original: tf.KernelFunc,
  args: KernelArguments,
) => tf.TensorInfo | tf.TensorInfo[];

/**
 * Replaces a kernel by its correction and disposes the intermediate tensors. Does nothing if the
 * backend has no such kernel.
 * @param name e.g. "Mean"
 */
export function wrapKernel(backendName: string, name: string, correction: Correction): void {
  const original = tf.getKernel(name, backendName);
  if (!original) return;
  tf.unregisterKernel(name, backendName);
  tf.registerKernel({
    ...original,
    // These backends' kernels return tensors, a subtype of TensorInfo.
    kernelFunc: (args) =>
      tf.tidy(() => correction(original.kernelFunc, args) as tf.Tensor | tf.Tensor[]),
  });
}

/** Runs a kernel that has one output. */
export function run(kernel: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  const result = kernel(args);
  return tf.engine().makeTensorFromTensorInfo(Array.isArray(result) ? result[0]! : result);
}

/** An input of a kernel. */
export function input(args: KernelArguments, name: string): tf.Tensor {
  return args.inputs[name] as tf.Tensor; // kernels of an engine with tensors get tensors
}

/** The same arguments with other inputs. */
export function withInputs(
  args: KernelArguments,
  inputs: Record<string, tf.Tensor>,
): KernelArguments {
  return { ...args, inputs: { ...args.inputs, ...inputs } };
}
