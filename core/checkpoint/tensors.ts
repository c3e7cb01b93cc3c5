/** Tensors as plain bytes, the content of checkpoint files whatever the backend. */

/** Bytes per element of each dtype that checkpoints store. */
export const DTYPE_BYTES = { F32: 4, I32: 4, I64: 8, BOOL: 1, U8: 1 } as const;

/** A dtype, by its safetensors name. */
export type StoredDType = keyof typeof DTYPE_BYTES;

/** An array of little-endian, row-major values. */
export interface StoredTensor {
  /** Element type, by its safetensors name. */
  dtype: StoredDType;
  /** Sizes, outermost first; [] is a scalar. */
  shape: readonly number[];
  /** Little-endian, row-major; its length matches dtype and shape. */
  data: Uint8Array;
}

/** Named arrays, the content of one file. */
export type StoredTensors = Record<string, StoredTensor>;

/**
 * A view of `values` as stored bytes; nothing is copied.
 * @param shape its product is `values.length`
 * @param dtype only needed to distinguish BOOL from U8
 */
export function storedTensor(
  values: Float32Array | Int32Array | BigInt64Array | Uint8Array,
  shape: readonly number[],
  dtype: StoredDType = defaultDType(values),
): StoredTensor {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const expected = byteLengthOf(dtype, shape);
  if (data.byteLength !== expected) {
    throw new TypeError(
      `Cannot store a tensor: expected ${expected} bytes for ${dtype} [${shape}], received ` +
        `${data.byteLength}`,
    );
  }
  return { dtype, shape, data };
}

/** The values of an F32 tensor, copied only if the bytes are not aligned. */
export function float32Values(tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(expectDType(tensor, "F32"), 4);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** The values of an I32 tensor, copied only if the bytes are not aligned. */
export function int32Values(tensor: StoredTensor): Int32Array {
  const { buffer, byteOffset, byteLength } = aligned(expectDType(tensor, "I32"), 4);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Bytes of a tensor of this shape; NaN, which equals no length, if the shape is invalid. */
export function byteLengthOf(dtype: StoredDType, shape: readonly number[]): number {
  let bytes: number = DTYPE_BYTES[dtype];
  for (const side of shape) {
    if (!Number.isSafeInteger(side) || side < 0) return NaN;
    bytes *= side;
    if (!Number.isSafeInteger(bytes)) return NaN;
  }
  return bytes;
}

function defaultDType(values: ArrayBufferView): StoredDType {
  if (values instanceof Float32Array) return "F32";
  if (values instanceof Int32Array) return "I32";
  return values instanceof BigInt64Array ? "I64" : "U8";
}

function expectDType(tensor: StoredTensor, dtype: StoredDType): Uint8Array {
  if (tensor.dtype !== dtype) {
    throw new TypeError(`Cannot read a tensor: expected ${dtype}, received ${tensor.dtype}`);
  }
  return tensor.data;
}

function aligned(data: Uint8Array, bytes: number): Uint8Array {
  return data.byteOffset % bytes === 0 ? data : data.slice();
}
