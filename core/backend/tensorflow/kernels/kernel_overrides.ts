/** Kernels of tfjs-node that are replaced, and why. */
import * as tf from "@tensorflow/tfjs";
import {
  createTensorsTypeOpAttr,
  type NodeJSKernelBackend,
} from "tfjs-node/nodejs_kernel_backend.js";

/** Puts our kernels in the place of tfjs-node's. */
export function registerKernelOverrides(): void {
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({ kernelName: "GatherV2", backendName: "tensorflow", kernelFunc: gather });
  tf.unregisterKernel("ExpandDims", "tensorflow");
  tf.registerKernel({
    kernelName: "ExpandDims",
    backendName: "tensorflow",
    kernelFunc: expandDims,
  });
}

/** tfjs-node's own reads the indices to check their range, which a recording can't; TensorFlow checks. */
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

/** tfjs-node's own leaves out the type, which TensorFlow finds for a single op, and not in a recording. */
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
