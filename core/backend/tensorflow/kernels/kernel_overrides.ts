/** Kernels of tfjs-node that are replaced, and why. */
import * as tf from "@tensorflow/tfjs";
import {
  createTensorsTypeOpAttr,
  type NodeJSKernelBackend,
} from "tfjs-node/nodejs_kernel_backend.js";
import { input, type KernelArguments, withInputs, wrapKernel } from "../../kernel_correction.ts";
import { registerExplicitPadding } from "./explicit_padding.ts";

/** Replaces those kernels of tfjs-node. */
export function registerKernelOverrides(): void {
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({ kernelName: "GatherV2", backendName: "tensorflow", kernelFunc: gather });
  tf.unregisterKernel("ExpandDims", "tensorflow");
  tf.registerKernel({
    kernelName: "ExpandDims",
    backendName: "tensorflow",
    kernelFunc: expandDims,
  });
  for (const kernelName of OF_FLOATS) {
    wrapKernel("tensorflow", kernelName, (original, args) => withFloats(args, original));
  }
  wrapKernel("tensorflow", "Round", roundFloats);
  wrapKernel("tensorflow", "ClipByValue", clipNumbers);
  registerExplicitPadding();
}

/**
 * Kernels to which tfjs also passes int32 and bool inputs, whereas TensorFlow supports floats only.
 * tfjs-node's `Mean` casts but keeps the previous type; its `Exp` disposes its input.
 */
const OF_FLOATS = ["Mean", "Exp", "IsNan", "IsInf", "IsFinite", "LeakyRelu"] as const;

/** Runs a kernel on its input "x" as float32. */
function withFloats(args: KernelArguments, kernel: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  const x = input(args, "x");
  if (x.dtype === "float32") return kernel(args);
  return kernel(withInputs(args, { x: tf.cast(x, "float32") }));
}

/** Integers need no rounding; TensorFlow's kernel would turn them into zeros. */
function roundFloats(original: tf.KernelFunc, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const x = input(args, "x");
  return x.dtype === "float32" ? original(args) : x.clone();
}

/**
 * For a bool input, tfjs-node's own kernel also casts the limits to bool, so −2 would become true.
 */
function clipNumbers(original: tf.KernelFunc, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const x = input(args, "x");
  if (x.dtype !== "bool") return original(args);
  // this kernel has one output
  const whole = original(withInputs(args, { x: tf.cast(x, "int32") })) as tf.Tensor;
  return tf.cast(whole, "bool");
}

/**
 * tfjs-node's own kernel reads the indices to check their range, which is impossible while
 * recording; TensorFlow checks them itself.
 */
function gather(
  { inputs, backend, attrs }: {
    inputs: tf.NamedTensorInfoMap;
    backend: unknown;
    attrs?: tf.NamedAttrMap;
  },
): tf.TensorInfo {
  const node = backend as NodeJSKernelBackend; // registered for it alone
  const { axis, batchDims } = attrs as { axis: number; batchDims: number }; // GatherV2Attrs
  const x = inputs.x!, indices = inputs.indices!; // GatherV2Inputs
  const axisTensor = tf.scalar(axis, "int32");
  const attributes = [
    { name: "batch_dims", type: node.binding.TF_ATTR_INT, value: batchDims },
    createTensorsTypeOpAttr("Tparams", x.dtype),
    createTensorsTypeOpAttr("Tindices", indices.dtype),
    createTensorsTypeOpAttr("Taxis", "int32"),
  ];
  const result = node.executeSingleOutput("GatherV2", attributes, [x, indices, axisTensor]);
  axisTensor.dispose();
  return result;
}

/**
 * tfjs-node's own kernel omits the type attributes, which TensorFlow infers for a single op but not
 * in a recording.
 */
function expandDims(
  { inputs, backend, attrs }: {
    inputs: tf.NamedTensorInfoMap;
    backend: unknown;
    attrs?: tf.NamedAttrMap;
  },
): tf.TensorInfo {
  const node = backend as NodeJSKernelBackend; // registered for it alone
  const { dim } = attrs as { dim: number }; // ExpandDimsAttrs
  const input = inputs.input!; // ExpandDimsInputs
  const place = tf.scalar(dim, "int32");
  const attributes = [
    createTensorsTypeOpAttr("T", input.dtype),
    createTensorsTypeOpAttr("Tdim", "int32"),
  ];
  const result = node.executeSingleOutput("ExpandDims", attributes, [input, place]);
  place.dispose();
  return result;
}
