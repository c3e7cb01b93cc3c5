/** Copies values between JavaScript and TensorFlow's tensors. */
import { DType } from "./dtypes.ts";
import { notNull, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** Values as tfjs holds them: strings are UTF-8 bytes; complex numbers are created by ops. */
export type TensorValues =
  | Float32Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | readonly Uint8Array[]
  | readonly number[];

/** The values that {@linkcode readTensor} returns to tfjs. */
export type ReadValues = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

const STRING_BYTES = 24; // sizeof(TF_TString)

/**
 * The bytes of numeric values in TensorFlow's layout.
 * @param dtype TensorFlow's element type
 * @param values one per element; int64 may also be given as pairs of int32 words (low, high), as
 * tfjs-node does
 * @param elements the number of elements of the shape
 * @throws TypeError if the type or the length does not fit
 */
export function toBytes(
  dtype: number,
  values: Exclude<TensorValues, readonly Uint8Array[]>,
  elements: number,
): Uint8Array<ArrayBuffer> {
  const typed = toTyped(dtype, values, elements);
  const size = WIDTH.get(dtype);
  if (size === undefined || typed.byteLength !== size * elements) {
    throw new TypeError(
      `Cannot make a tensor: expected ${elements} values of type ${dtype}, ` +
        `received ${values.length} in a ${values.constructor.name}`,
    );
  }
  // tfjs allocates these on plain buffers; a shared one would be copied below anyway.
  return new Uint8Array(typed.buffer as ArrayBuffer, typed.byteOffset, typed.byteLength);
}

const WIDTH = new Map<number, number>([
  [DType.FLOAT, 4],
  [DType.INT32, 4],
  [DType.INT64, 8],
  [DType.BOOL, 1],
  [DType.UINT8, 1],
  [DType.COMPLEX64, 8],
]);

function toTyped(
  dtype: number,
  values: Exclude<TensorValues, readonly Uint8Array[]>,
  elements: number,
): ArrayBufferView {
  const numbers = () => values instanceof BigInt64Array ? Array.from(values, Number) : values;
  switch (dtype) {
    case DType.FLOAT:
    case DType.COMPLEX64:
      return values instanceof Float32Array ? values : Float32Array.from(numbers());
    case DType.INT32:
      return values instanceof Int32Array ? values : Int32Array.from(numbers());
    case DType.INT64:
      if (values instanceof BigInt64Array) return values;
      if (values instanceof Int32Array && values.length === 2 * elements) return values;
      return BigInt64Array.from(numbers(), (value) => BigInt(value));
    default:
      return values instanceof Uint8Array || values instanceof Uint8ClampedArray
        ? values
        : Uint8Array.from(numbers());
  }
}

/** Creates a handle of a numeric tensor; the bytes are copied. */
export function newTensor(
  symbols: TensorFlowSymbols,
  status: Status,
  dtype: number,
  shape: readonly number[],
  bytes: Uint8Array,
): Deno.PointerObject {
  const tensor = allocate(symbols, dtype, shape, bytes.byteLength);
  if (bytes.byteLength > 0) {
    const data = notNull(symbols.TF_TensorData(tensor), "write a tensor");
    new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, bytes.byteLength)).set(bytes);
  }
  const handle = symbols.TFE_NewTensorHandle(tensor, status.pointer);
  symbols.TF_DeleteTensor(tensor);
  status.check("make a tensor handle");
  return notNull(handle, "make a tensor handle");
}

/**
 * Creates a string tensor. The caller must call `free()` once TensorFlow has copied it, because
 * TensorFlow does not free strings allocated through its C API.
 */
export function newStringTensor(
  symbols: TensorFlowSymbols,
  status: Status,
  shape: readonly number[],
  texts: readonly Uint8Array[],
): { handle: Deno.PointerObject; free: () => void } {
  const tensor = allocate(symbols, DType.STRING, shape, texts.length * STRING_BYTES);
  const slots: Deno.PointerValue[] = texts.map((_, i) =>
    Deno.UnsafePointer.offset(
      notNull(symbols.TF_TensorData(tensor), "write strings"),
      i * STRING_BYTES,
    )
  );
  texts.forEach((text, i) => {
    symbols.TF_StringInit(slots[i]!); // one slot per text
    symbols.TF_StringCopy(slots[i]!, new Uint8Array(text), BigInt(text.length));
  });
  const handle = symbols.TFE_NewTensorHandle(tensor, status.pointer);
  status.check("make a handle of strings");
  return {
    handle: notNull(handle, "make a handle of strings"),
    free: () => {
      for (const slot of slots) symbols.TF_StringDealloc(slot);
      symbols.TF_DeleteTensor(tensor);
      symbols.TFE_DeleteTensorHandle(handle);
    },
  };
}

function allocate(
  symbols: TensorFlowSymbols,
  dtype: number,
  shape: readonly number[],
  bytes: number,
): Deno.PointerObject {
  const dimensions = BigInt64Array.from(shape, BigInt);
  return notNull(
    symbols.TF_AllocateTensor(dtype, dimensions, shape.length, BigInt(bytes)),
    `allocate a tensor of ${bytes} bytes`,
  );
}

/** Copies the values of a handle, waiting for the device if necessary. */
export function readTensor(
  symbols: TensorFlowSymbols,
  status: Status,
  handle: Deno.PointerObject,
): ReadValues {
  const dtype = symbols.TFE_TensorHandleDataType(handle);
  const tensor = symbols.TFE_TensorHandleResolve(handle, status.pointer);
  status.check("read a tensor");
  try {
    if (dtype === DType.STRING) return readStrings(symbols, tensor);
    const length = Number(symbols.TF_TensorByteSize(tensor));
    const data = symbols.TF_TensorData(tensor);
    const copy = length === 0 || data === null
      ? new ArrayBuffer(0)
      : Deno.UnsafePointerView.getArrayBuffer(data, length).slice(0);
    switch (dtype) {
      case DType.FLOAT:
      case DType.COMPLEX64:
        return new Float32Array(copy);
      case DType.INT32:
        return new Int32Array(copy);
      case DType.INT64:
        return new BigInt64Array(copy);
      case DType.BOOL:
      case DType.UINT8:
      case DType.RESOURCE:
        return new Uint8Array(copy);
      default:
        throw new TypeError(`Cannot read a tensor: expected a type of tfjs, received ${dtype}`);
    }
  } finally {
    symbols.TF_DeleteTensor(tensor);
  }
}

function readStrings(symbols: TensorFlowSymbols, tensor: Deno.PointerValue): Uint8Array[] {
  const count = Number(symbols.TF_TensorElementCount(tensor));
  return Array.from({ length: count }, (_, i) => {
    const base = notNull(symbols.TF_TensorData(tensor), "read strings");
    const slot = Deno.UnsafePointer.offset(base, i * STRING_BYTES);
    const length = Number(symbols.TF_StringGetSize(slot));
    if (length === 0) return new Uint8Array(0);
    const data = notNull(symbols.TF_StringGetDataPointer(slot), "read a string");
    return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, length).slice(0));
  });
}
