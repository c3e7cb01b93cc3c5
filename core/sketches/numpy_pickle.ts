/**
 * Reads NumPy arrays from a pickle. No NumPy code is run: the arguments of its array constructors
 * contain everything that is needed.
 */
import { type PickleCalls, readPickle } from "../pickle.ts";
import { DrawingError } from "./drawing.ts";

/** An array. */
export interface NumpyArray {
  shape: readonly number[];
  /** NumPy's type code, e.g. "<i2", or "O8" for an array of objects. */
  type: string;
  /** Whether the array is in Fortran order, as a transposed array is. */
  isByColumns: boolean;
  /** The bytes of numbers, or a list of objects. */
  data: Uint8Array | unknown[];
}

/** Stands for the result of `numpy.dtype`. */
class DtypeBuilder {
  order = "";
  constructor(readonly code: string) {}
}

/** Stands for the result of `_reconstruct` before its state is set. */
class ArrayBuilder {
  array: NumpyArray | undefined;
}

const reconstruct = () => new ArrayBuilder();
/** Protocol 5: bytes, type, shape, and "C" or "F" for the order. */
const fromBuffer = ([data, type, shape, order]: readonly unknown[]) => {
  const builder = new ArrayBuilder();
  build(builder, [1, shape, type, order === "F", data]);
  return builder;
};

/** Names before and after NumPy 2 moved them. */
const CALLS: PickleCalls = {
  "numpy.core.multiarray _reconstruct": reconstruct,
  "numpy._core.multiarray _reconstruct": reconstruct,
  "numpy.core.numeric _frombuffer": fromBuffer,
  "numpy._core.numeric _frombuffer": fromBuffer,
  "numpy ndarray": reconstruct, // named only
  "numpy dtype": ([code]) => new DtypeBuilder(textOf(code)),
  "_codecs encode": ([text]) =>
    Uint8Array.from(textOf(text), (character) => character.charCodeAt(0)),
};

/**
 * Reads an array of objects.
 * @returns its objects, in which arrays are {@linkcode NumpyArray}
 * @throws DrawingError if it is damaged, or contains anything but arrays and plain data
 */
export function numpyObjects(bytes: Uint8Array): unknown[] {
  let value: unknown;
  try {
    value = readPickle(bytes, 0, { calls: CALLS, build }).value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const reason = cause.message.replace(/^Cannot read a pickle: /, "");
    throw new DrawingError(`a pickle that can't be read: ${reason.slice(0, 300)}`, { cause });
  }
  const list = value instanceof ArrayBuilder ? value.array?.data : value;
  if (!Array.isArray(list)) throw new DrawingError("a pickle without a list of drawings");
  return list.map((item) => item instanceof ArrayBuilder ? item.array : item);
}

/** Implements `__setstate__`. */
function build(builder: unknown, state: unknown): void {
  const fields: readonly unknown[] = Array.isArray(state) ? state : [];
  if (builder instanceof DtypeBuilder) builder.order = textOf(fields[1]);
  if (!(builder instanceof ArrayBuilder)) return;
  const [, shape, type, isByColumns, data] = fields;
  const isShape = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
  const isWhole = isShape && type instanceof DtypeBuilder &&
    (data instanceof Uint8Array || Array.isArray(data));
  if (!isWhole) throw new DrawingError("a pickle of an array that can't be read");
  const order = /^[<>]$/.test(type.order) ? type.order : "";
  builder.array = {
    shape: shape as number[], // checked
    type: order + type.code,
    isByColumns: isByColumns === true,
    data,
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 100)) : "";
}
