/** Serializes a planned graph as TensorFlow's GraphDef (tensorflow/core/framework/*.proto). */
import type { Attribute, AttrValue } from "../binding/attributes.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { GraphPlan, PlannedConstant } from "./graph_plan.ts";
import { ProtoWriter } from "../../../proto_writer.ts";

const GRAPH_NODE = 1, GRAPH_VERSIONS = 4, VERSION_PRODUCER = 1;
const NODE_NAME = 1, NODE_OP = 2, NODE_INPUT = 3, NODE_ATTR = 5, ENTRY_KEY = 1, ENTRY_VALUE = 2;
const VALUE_LIST = 1, VALUE_S = 2, VALUE_I = 3, VALUE_F = 4, VALUE_B = 5, VALUE_TYPE = 6;
const VALUE_SHAPE = 7, VALUE_TENSOR = 8;
const SHAPE_DIM = 2, DIM_SIZE = 1;
const TENSOR_DTYPE = 1, TENSOR_SHAPE = 2, TENSOR_CONTENT = 4, TENSOR_FLOATS = 5;
const TENSOR_INTS = 7, TENSOR_STRINGS = 8, TENSOR_INT64S = 10, TENSOR_BOOLS = 11;

/** A GraphDef version that every TensorFlow 2 accepts and that has all ops used here. */
const PRODUCER = 2000;

/** @returns a serialized GraphDef: inputs are Placeholders, constants Consts */
export function writeGraphDef(plan: GraphPlan): Uint8Array<ArrayBuffer> {
  const graph = new ProtoWriter();
  for (const { name, dtype, shape } of plan.inputs) {
    writeNode(graph, name, "Placeholder", [], (node) => {
      writeAttribute(node, "dtype", (value) => value.integer(VALUE_TYPE, dtype));
      writeAttribute(node, "shape", (value) => value.message(VALUE_SHAPE, shapeWriter(shape)));
    });
  }
  for (const constant of plan.constants) writeConstant(graph, constant);
  for (const { name, op, inputs, attributes } of plan.nodes) {
    writeNode(graph, name, op, inputs, (node) => {
      for (const attribute of attributes) {
        writeAttribute(node, attribute.name, (value) => writeValue(value, attribute));
      }
    });
  }
  graph.message(GRAPH_VERSIONS, (versions) => versions.integer(VERSION_PRODUCER, PRODUCER));
  return graph.bytes();
}

function writeNode(
  graph: ProtoWriter,
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: (node: ProtoWriter) => void,
): void {
  graph.message(GRAPH_NODE, (node) => {
    node.data(NODE_NAME, name).data(NODE_OP, op);
    for (const input of inputs) node.data(NODE_INPUT, input);
    attributes(node);
  });
}

function writeAttribute(node: ProtoWriter, name: string, write: (value: ProtoWriter) => void) {
  node.message(NODE_ATTR, (entry) => entry.data(ENTRY_KEY, name).message(ENTRY_VALUE, write));
}

function writeConstant(graph: ProtoWriter, constant: PlannedConstant): void {
  const { name, dtype, shape, bytes, uniform } = constant;
  writeNode(graph, name, "Const", [], (node) => {
    writeAttribute(node, "dtype", (value) => value.integer(VALUE_TYPE, dtype));
    writeAttribute(node, "value", (value) =>
      value.message(VALUE_TENSOR, (tensor) => {
        tensor.integer(TENSOR_DTYPE, dtype).message(TENSOR_SHAPE, shapeWriter(shape));
        if (!(bytes instanceof Uint8Array)) {
          for (const text of bytes) tensor.data(TENSOR_STRINGS, text);
        } else if (uniform) writeRepeated(tensor, dtype, bytes);
        else tensor.data(TENSOR_CONTENT, bytes);
      }));
  });
}

/**
 * Writes one value: TensorFlow repeats the last value of a list up to the shape's size, which keeps
 * constants such as zeros small.
 */
function writeRepeated(tensor: ProtoWriter, dtype: number, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case DType.FLOAT:
      tensor.data(TENSOR_FLOATS, bytes); // packed: keeps the exact bits of NaN and -0
      return;
    case DType.INT32:
      tensor.integer(TENSOR_INTS, view.getInt32(0, true));
      return;
    case DType.UINT8:
      tensor.integer(TENSOR_INTS, view.getUint8(0));
      return;
    case DType.INT64:
      tensor.integer(TENSOR_INT64S, view.getBigInt64(0, true));
      return;
    case DType.BOOL:
      tensor.integer(TENSOR_BOOLS, view.getUint8(0));
      return;
    default:
      throw new TypeError(
        `Cannot record a constant: expected float32, int32, int64, uint8, bool or string, ` +
          `received type ${dtype}`,
      );
  }
}

function shapeWriter(shape: readonly number[]): (writer: ProtoWriter) => void {
  return (writer) => {
    for (const size of shape) writer.message(SHAPE_DIM, (dim) => dim.integer(DIM_SIZE, size));
  };
}

/** Writes an AttrValue; the fields of its list form have the same numbers as the single ones. */
function writeValue(value: ProtoWriter, attribute: Attribute): void {
  const raw = attribute.value;
  const isList = Array.isArray(raw) &&
    (attribute.type !== AttrKind.SHAPE || Array.isArray(raw[0]));
  if (!isList) return writeSingle(value, attribute, raw);
  value.message(VALUE_LIST, (list) => {
    for (const item of raw) writeSingle(list, attribute, item);
  });
}

function writeSingle(value: ProtoWriter, { name, type }: Attribute, raw: AttrValue): void {
  switch (type) {
    case AttrKind.STRING:
      value.data(VALUE_S, String(raw));
      return;
    case AttrKind.INT:
      value.integer(VALUE_I, BigInt(Number(raw)));
      return;
    case AttrKind.FLOAT:
      value.float(VALUE_F, Number(raw));
      return;
    case AttrKind.BOOL:
      value.integer(VALUE_B, Boolean(raw));
      return;
    case AttrKind.TYPE:
      value.integer(VALUE_TYPE, Number(raw));
      return;
    case AttrKind.SHAPE:
      value.message(VALUE_SHAPE, shapeWriter(raw as readonly number[])); // by the kind
      return;
    default:
      throw new TypeError(
        `Cannot record attribute ${name}: expected string, int, float, bool, type or shape, ` +
          `received kind ${type}`,
      );
  }
}
