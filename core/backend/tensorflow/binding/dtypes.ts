/** TensorFlow's element types as numbers (tensorflow/c/tf_datatype.h). */
export const DType = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  BFLOAT16: 14,
  RESOURCE: 20,
  UINT64: 23,
} as const;

/** Kinds of op attributes (tensorflow/c/tf_attrtype.h). */
export const AttrKind = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
  RESOURCE: 9,
} as const;

const NAMES = new Map<number, string>([
  [DType.FLOAT, "float32"],
  [DType.DOUBLE, "float64"],
  [DType.INT32, "int32"],
  [DType.UINT8, "uint8"],
  [DType.STRING, "string"],
  [DType.COMPLEX64, "complex64"],
  [DType.INT64, "int64"],
  [DType.BOOL, "bool"],
  [DType.BFLOAT16, "bfloat16"],
  [DType.RESOURCE, "resource"],
  [DType.UINT64, "uint64"],
]);

/**
 * Describes a type and shape for messages, e.g. "float32[16,4,4,3]".
 * @param dtype TensorFlow's number of the element type
 */
export function describeTensor(dtype: number, shape: readonly number[]): string {
  return `${NAMES.get(dtype) ?? `dtype${dtype}`}[${shape.join(",")}]`;
}
