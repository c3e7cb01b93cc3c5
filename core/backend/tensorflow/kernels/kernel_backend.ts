/** tfjs-node's kernel backend on Cambium's binding, with the changes that recording needs. */
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import "tfjs-node/register_all_kernels.js";
import { NodeJSKernelBackend } from "tfjs-node/nodejs_kernel_backend.js";
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import type { TensorFlowBinding } from "../binding/binding.ts";
import { registerKernelOverrides } from "./kernel_overrides.ts";

/** What tfjs-node's backend stores of a tensor. */
interface TensorData {
  id: number;
  shape: number[];
  dtype: number;
  /** Values that have not been uploaded to TensorFlow yet. */
  values: tf.backend_util.BackendValues | null;
}

/** Private members of `NodeJSKernelBackend`. */
interface Internals {
  tensorMap: tf.DataStorage<TensorData>;
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
}

/** The tfjs backend, with conversions between tensors and TensorFlow's handles. */
export interface TensorFlowKernels {
  backend: NodeJSKernelBackend;
  binding: TensorFlowBinding;
  /** The handle id of a tensor; its values are uploaded to TensorFlow if they have not been yet. */
  handleOf(tensor: tf.TensorInfo): number;
  /** Creates a tfjs tensor that takes ownership of a handle. */
  adopt(metadata: TensorMetadata): tf.Tensor;
}

/** Registers tfjs-node's backend as "tensorflow". Call this once per process. */
export function createKernels(binding: TensorFlowBinding): TensorFlowKernels {
  restoreIsNullOrUndefined();
  // "@tensorflow/tfjs-node" rather than "-gpu": the name only affects a log line.
  const backend = new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node");
  // The members exist, but are declared private.
  const internals = backend as unknown as Internals;
  const createdInRecording = new WeakSet<object>();

  const move = backend.move.bind(backend);
  backend.move = (dataId, ...rest) => {
    if (binding.recorder) createdInRecording.add(dataId);
    return move(dataId, ...rest);
  };
  const getInputTensorIds = internals.getInputTensorIds.bind(backend);
  internals.getInputTensorIds = (tensors) =>
    tensors.flatMap((tensor) => {
      const recorder = binding.recorder;
      if (!recorder) return getInputTensorIds([tensor]);
      // Values that were created before the recording and are only now uploaded are not its
      // constants.
      recorder.listening = !(tensor.dataId instanceof Object) ||
        createdInRecording.has(tensor.dataId);
      try {
        return getInputTensorIds([tensor]);
      } finally {
        recorder.listening = true;
      }
    });
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const data = internals.tensorMap.get(dataId);
    if (data.values === null && binding.recorder?.varies(data.id)) throw readInRecord();
    return readSync(dataId);
  };

  tf.registerBackend("tensorflow", () => backend, 4);
  registerKernelOverrides();
  return {
    backend,
    binding,
    handleOf: (tensor) => internals.getInputTensorIds([tensor])[0]!, // one tensor, one number
    adopt: (metadata) => internals.createOutputTensor(metadata),
  };
}

function readInRecord(): Error {
  return new Error(
    "Cannot read a tensor's value inside a compiled function: expected pure tensor code, " +
      "received a call of dataSync(), data(), arraySync() or print() on a value that changes " +
      "from step to step. Return the tensor and read it after run(), or compute with tensor " +
      "operations (tf.where, tf.mul)",
  );
}

/** tfjs-node calls `util.isNullOrUndefined`, which Node 23 and Deno no longer have. */
function restoreIsNullOrUndefined(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
