/**
 * Implements tfjs-node's `TFJSBinding` (dist/tfjs_binding.d.ts) on TensorFlow's C eager API through
 * Deno's FFI, in place of tfjs-node's native add-on.
 */
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from "tfjs-node/tfjs_binding.d.ts";
import type { DeviceInfo, ExecutedOp } from "../../types.ts";
import { type Attribute, setAttribute } from "./attributes.ts";
import { AttrKind, describeTensor, DType } from "./dtypes.ts";
import { HandleTable } from "./handle_table.ts";
import type { Recorder } from "../graph/record.ts";
import { cString, notNull, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";
import {
  newStringTensor,
  newTensor,
  readTensor,
  type TensorValues,
  toBytes,
} from "./tensor_data.ts";

/** A loaded TensorFlow and its context. */
export interface TensorFlowRuntime {
  symbols: TensorFlowSymbols;
  version: string;
  context: Deno.PointerObject;
  status: Status;
  devices: DeviceInfo[];
}

/** The binding, extended by what compiled functions need. */
export interface TensorFlowBinding extends TFJSBinding {
  readonly runtime: TensorFlowRuntime;
  readonly handles: HandleTable;
  /** Receives every tensor and op while it is set. */
  recorder: Recorder | undefined;
  /** Called for each op that the recorder receives. */
  onRecorded: ((op: ExecutedOp) => void) | undefined;
}

/** Creates the binding that `NodeJSKernelBackend` takes. */
export function createBinding(runtime: TensorFlowRuntime): TensorFlowBinding {
  const { symbols, status, context, devices } = runtime;
  const handles = new HandleTable(symbols, status);
  const gpu = devices.find((device) => device.kind === "GPU");

  const binding: TensorFlowBinding = {
    runtime,
    handles,
    recorder: undefined,
    onRecorded: undefined,
    ...CONSTANTS,
    TF_Version: runtime.version,

    createTensor(shape, dtype, values) {
      const id = handles.add(createHandle(shape, dtype, values as TensorValues)); // BackendValues
      if (binding.recorder) binding.recorder.constant(id, dtype, shape, values as TensorValues);
      return id;
    },
    deleteTensor: (id) => handles.delete(id),
    // The declared type omits int64 and strings, but tfjs accepts them.
    tensorDataSync: (id) => readTensor(symbols, status, handles.get(id)) as Float32Array,
    executeOp(name, attributes, inputs, outputCount) {
      const startedAt = performance.now();
      const outputs = execute(name, attributes as Attribute[], inputs, outputCount);
      const milliseconds = performance.now() - startedAt; // ops run before the call returns
      if (!binding.recorder) return outputs;
      binding.recorder.operation(name, attributes as Attribute[], inputs, outputs);
      binding.onRecorded?.({
        op: name,
        inputs: inputs.map((id) => handles.shape(id)),
        outputs: outputs.map(({ shape }) => shape),
        startedAt,
        milliseconds,
      });
      return outputs;
    },

    loadSavedModel: () => noSavedModel("load"),
    deleteSavedModel: () => noSavedModel("delete"),
    runSavedModel: () => noSavedModel("run"),
    getNumOfSavedModels: () => 0,
    getNumOfTensors: () => handles.size,
    isUsingGpuDevice: () => gpu !== undefined,
  };
  return binding;

  function createHandle(
    shape: readonly number[],
    dtype: number,
    values: TensorValues,
  ): Deno.PointerObject {
    if (dtype === DType.STRING) return stringHandle(shape, values as Uint8Array[]); // by dtype
    const elements = shape.reduce((product, size) => product * size, 1);
    const bytes = toBytes(dtype, values as Float32Array, elements); // numbers, by dtype
    const handle = newTensor(symbols, status, dtype, shape, bytes);
    // GPU kernels expect int32 (shapes, axes) in host memory, and everything else on the device.
    if (!gpu || dtype === DType.INT32) return handle;
    const onDevice = symbols.TFE_TensorHandleCopyToDevice(
      handle,
      context,
      cString(gpu.name),
      status.pointer,
    );
    symbols.TFE_DeleteTensorHandle(handle);
    status.check(`copy a tensor to ${gpu.name}`);
    return notNull(onDevice, `copy a tensor to ${gpu.name}`);
  }

  /** Copies strings with DeepCopy, so that TensorFlow owns and frees them. */
  function stringHandle(shape: readonly number[], texts: readonly Uint8Array[]) {
    const { handle, free } = newStringTensor(symbols, status, shape, texts);
    const temporary = handles.add(handle);
    const type = { name: "T", type: AttrKind.TYPE, value: DType.STRING };
    try {
      const [copy] = execute("DeepCopy", [type], [temporary], 1);
      return handles.release(copy!.id); // one output
    } finally {
      handles.release(temporary);
      free();
    }
  }

  function execute(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const fail = (message: string): never => {
      const received = inputs.map((id) => describeTensor(handles.dtype(id), handles.shape(id)));
      throw new Error(
        `Cannot run TensorFlow's ${name}: expected inputs that it accepts, ` +
          `received (${received.join(", ")}). TensorFlow says: ${message}`,
      );
    };
    const check = () => {
      const message = status.error();
      if (message !== undefined) fail(message);
    };
    const op = symbols.TFE_NewOp(context, cString(name), status.pointer);
    if (op === null) return fail(status.error() ?? "no such op");
    try {
      for (const id of inputs) {
        symbols.TFE_OpAddInput(op, handles.get(id), status.pointer);
        check();
      }
      for (const attribute of attributes) setAttribute(symbols, op, attribute, status);
      const results = new BigUint64Array(Math.max(outputCount, 1)), count = new Int32Array(1);
      count[0] = outputCount;
      symbols.TFE_Execute(op, results, count, status.pointer);
      check();
      return Array.from(results.subarray(0, outputCount), (address) => handles.addNew(address));
    } finally {
      symbols.TFE_DeleteOp(op);
    }
  }
}

class Metadata implements TensorMetadata {
  id = 0;
  shape: number[] = [];
  dtype = 0;
}

class OpAttribute implements TFEOpAttr {
  name = "";
  type = 0;
  value: TFEOpAttr["value"] = 0;
}

const CONSTANTS = {
  TensorMetadata: Metadata,
  TFEOpAttr: OpAttribute,
  TF_FLOAT: DType.FLOAT,
  TF_INT32: DType.INT32,
  TF_INT64: DType.INT64,
  TF_BOOL: DType.BOOL,
  TF_COMPLEX64: DType.COMPLEX64,
  TF_STRING: DType.STRING,
  TF_RESOURCE: DType.RESOURCE,
  TF_UINT8: DType.UINT8,
  TF_ATTR_STRING: AttrKind.STRING,
  TF_ATTR_INT: AttrKind.INT,
  TF_ATTR_FLOAT: AttrKind.FLOAT,
  TF_ATTR_BOOL: AttrKind.BOOL,
  TF_ATTR_TYPE: AttrKind.TYPE,
  TF_ATTR_SHAPE: AttrKind.SHAPE,
  TF_ATTR_RESOURCE: AttrKind.RESOURCE,
};

function noSavedModel(action: string): never {
  throw new Error(
    `Cannot ${action} a SavedModel: this backend trains models written in tfjs and does not run ` +
      `SavedModels. Use Python's TensorFlow for them`,
  );
}
