/** Tensors as plain bytes: what checkpoint files hold, whatever backend computed them. */

/** Bytes of one element of each dtype that checkpoints hold. */
export const DTYPE_BYTES = { F32: 4, I32: 4, I64: 8, BOOL: 1, U8: 1 } as const;

/** A dtype, by its safetensors name. */
export type StoredDType = keyof typeof DTYPE_BYTES;

/** One array: little-endian, row-major bytes. */
export interface StoredTensor {
  /** Kind of number, by its safetensors name. */
  dtype: StoredDType;
  /** Sizes, outermost first; [] is a scalar. */
  shape: readonly number[];
  /** Little-endian, row-major; as long as dtype and shape say. */
  data: Uint8Array;
}

/** Named arrays, as one file holds them. */
export type StoredTensors = Record<string, StoredTensor>;

/**
 * A view of `values` as stored bytes; nothing is copied.
 * @param shape its product is `values.length`
 * @param dtype needed only to tell BOOL from U8
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

/** The values of an F32 tensor; copies only where the bytes are not aligned. */
export function float32Values(tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(expectDType(tensor, "F32"), 4);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** The values of an I32 tensor; copies only where the bytes are not aligned. */
export function int32Values(tensor: StoredTensor): Int32Array {
  const { buffer, byteOffset, byteLength } = aligned(expectDType(tensor, "I32"), 4);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Bytes that a shape takes. NaN, and so unequal to any length, where the shape can't be. */
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
