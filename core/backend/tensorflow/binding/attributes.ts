/** Attributes of eager ops in the form that tfjs-node's kernels give them. */
import { AttrKind } from "./dtypes.ts";
import { cString, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** The values an attribute can have. */
export type AttrValue =
  | boolean
  | number
  | string
  | readonly number[]
  | readonly boolean[]
  | readonly string[]
  | readonly (readonly number[])[];

/** One attribute of an op. */
export interface Attribute {
  name: string;
  /** One of {@linkcode AttrKind}. */
  type: number;
  value: AttrValue;
}

const encoder = new TextEncoder();

/** Sets one attribute of an op that is being built. */
export function setAttribute(
  symbols: TensorFlowSymbols,
  op: Deno.PointerObject,
  attribute: Attribute,
  status: Status,
): void {
  const name = cString(attribute.name), value = attribute.value;
  if (Array.isArray(value) && attribute.type !== AttrKind.SHAPE) {
    return setList(symbols, op, attribute, value);
  }
  switch (attribute.type) {
    case AttrKind.TYPE:
      return symbols.TFE_OpSetAttrType(op, name, Number(value));
    case AttrKind.INT:
      return symbols.TFE_OpSetAttrInt(op, name, BigInt(Number(value)));
    case AttrKind.FLOAT:
      return symbols.TFE_OpSetAttrFloat(op, name, Number(value));
    case AttrKind.BOOL:
      return symbols.TFE_OpSetAttrBool(op, name, value ? 1 : 0);
    case AttrKind.STRING: {
      const text = encoder.encode(String(value));
      return symbols.TFE_OpSetAttrString(op, name, text, BigInt(text.length));
    }
    case AttrKind.SHAPE:
      return setShape(symbols, op, attribute, status);
    default:
      throw unsupported(attribute);
  }
}

function setList(
  symbols: TensorFlowSymbols,
  op: Deno.PointerObject,
  attribute: Attribute,
  value: readonly unknown[],
): void {
  const name = cString(attribute.name), length = value.length;
  switch (attribute.type) {
    case AttrKind.TYPE:
      return symbols.TFE_OpSetAttrTypeList(op, name, Int32Array.from(value, Number), length);
    case AttrKind.INT:
      return symbols.TFE_OpSetAttrIntList(op, name, int64s(value), length);
    case AttrKind.FLOAT:
      return symbols.TFE_OpSetAttrFloatList(op, name, Float32Array.from(value, Number), length);
    case AttrKind.BOOL: {
      const flags = Uint8Array.from(value, (flag) => flag ? 1 : 0);
      return symbols.TFE_OpSetAttrBoolList(op, name, flags, length);
    }
    case AttrKind.STRING: {
      const texts = value.map((text) => encoder.encode(String(text)));
      const [pointers, lengths] = pointerTable(texts, (text) => text.length);
      return symbols.TFE_OpSetAttrStringList(op, name, pointers, lengths, length);
    }
    default:
      throw unsupported(attribute);
  }
}

function setShape(
  symbols: TensorFlowSymbols,
  op: Deno.PointerObject,
  attribute: Attribute,
  status: Status,
): void {
  const name = cString(attribute.name);
  if (!Array.isArray(attribute.value)) throw unsupported(attribute);
  const value: readonly unknown[] = attribute.value;
  if (Array.isArray(value[0])) {
    const shapes = value.map((shape) => int64s(Array.isArray(shape) ? shape : []));
    const [pointers, lengths] = pointerTable(shapes, (shape) => shape.length);
    const ranks = Int32Array.from(lengths, Number);
    symbols.TFE_OpSetAttrShapeList(op, name, pointers, ranks, shapes.length, status.pointer);
  } else {
    symbols.TFE_OpSetAttrShape(op, name, int64s(value), value.length, status.pointer);
  }
  status.check(`set attribute ${attribute.name}`);
}

/** `const void*[]` and `size_t[]` for a list of buffers, which the caller must keep alive. */
function pointerTable<T extends Uint8Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>>(
  items: readonly T[],
  length: (item: T) => number,
): [BigUint64Array<ArrayBuffer>, BigUint64Array<ArrayBuffer>] {
  const address = (item: T) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(item));
  return [
    BigUint64Array.from(items, (item) => BigInt(address(item))),
    BigUint64Array.from(items, (item) => BigInt(length(item))),
  ];
}

function int64s(values: readonly unknown[]): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(values, (value) => BigInt(Number(value)));
}

function unsupported(attribute: Attribute): TypeError {
  return new TypeError(
    `Cannot set attribute ${attribute.name}: expected string, int, float, bool, type or shape, ` +
      `received kind ${attribute.type} with ${JSON.stringify(attribute.value)}`,
  );
}
