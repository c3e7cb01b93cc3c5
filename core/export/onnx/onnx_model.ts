/** Writes ONNX's ModelProto (onnx/onnx.proto, IR version 8). */
import { ProtoWriter } from "../../proto_writer.ts";
import type { GraphDType, Size } from "../graph.ts";

/** The operator set that is written: that of ONNX 1.12, which every runtime since 2022 reads. */
export const OPSET = 17;

const IR_VERSION = 8;
const MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_DOC = 6, MODEL_GRAPH = 7, MODEL_OPSET = 8;
const MODEL_METADATA = 14, OPSET_VERSION = 2, ENTRY_KEY = 1, ENTRY_VALUE = 2;
const GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12;
const NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_S = 4, ATTRIBUTE_INTS = 8;
const ATTRIBUTE_TYPE = 20, TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_STRING = 3, TYPE_INTS = 7;
const TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9;
const VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, ELEMENT_TYPE = 1, ELEMENT_SHAPE = 2;
const SHAPE_DIM = 1, DIM_VALUE = 1, DIM_PARAM = 2;

/** ONNX's numbers of element types. */
export const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const;

/** An attribute: a list of integers, a string, or a number whose type is given. */
export type OnnxAttribute = readonly number[] | string | { int: number } | { float: number };

/** A node of the file. */
export interface OnnxNode {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor stored in the file. */
export interface OnnxTensor {
  name: string;
  dtype: keyof typeof ELEMENT_TYPES;
  shape: readonly number[];
  values: Float32Array | Int32Array | BigInt64Array;
}

/** An input or output. */
export interface OnnxValue {
  name: string;
  dtype: GraphDType;
  shape: readonly Size[];
}

/** The content of a file. */
export interface OnnxModel {
  name: string;
  description: string;
  metadata: Readonly<Record<string, string>>;
  nodes: readonly OnnxNode[];
  tensors: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/** @throws RangeError if the weights exceed the limit of protocol buffers, 2 GiB */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const size = model.tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (size >= 2 ** 31 - 2 ** 20) {
    throw new RangeError(`Cannot write ONNX: expected weights below 2 GiB, received ${size} bytes`);
  }
  const file = new ProtoWriter();
  file.integer(MODEL_IR, IR_VERSION).data(MODEL_PRODUCER, "Cambium")
    .data(MODEL_DOC, model.description)
    .message(MODEL_GRAPH, (graph) => writeGraph(graph, model))
    .message(MODEL_OPSET, (opset) => opset.integer(OPSET_VERSION, OPSET));
  for (const [key, value] of Object.entries(model.metadata)) {
    file.message(MODEL_METADATA, (entry) => entry.data(ENTRY_KEY, key).data(ENTRY_VALUE, value));
  }
  return file.bytes();
}

function writeGraph(graph: ProtoWriter, { name, nodes, tensors, inputs, outputs }: OnnxModel) {
  for (const [i, node] of nodes.entries()) {
    graph.message(GRAPH_NODE, (writer) => writeNode(writer, node, i));
  }
  graph.data(GRAPH_NAME, name);
  for (const { name, dtype, shape, values } of tensors) {
    graph.message(GRAPH_INITIALIZER, (tensor) => {
      for (const side of shape) tensor.integer(TENSOR_DIMS, side);
      const { buffer, byteOffset, byteLength } = values;
      tensor.integer(TENSOR_TYPE, ELEMENT_TYPES[dtype]).data(TENSOR_NAME, name)
        .data(TENSOR_RAW, new Uint8Array(buffer, byteOffset, byteLength));
    });
  }
  for (const value of inputs) graph.message(GRAPH_INPUT, (writer) => writeValue(writer, value));
  for (const value of outputs) graph.message(GRAPH_OUTPUT, (writer) => writeValue(writer, value));
}

function writeNode(
  writer: ProtoWriter,
  { op, inputs, outputs, attributes = {} }: OnnxNode,
  i: number,
) {
  for (const input of inputs) writer.data(NODE_INPUT, input);
  for (const output of outputs) writer.data(NODE_OUTPUT, output);
  writer.data(NODE_NAME, `${op}_${i}`).data(NODE_OP, op);
  for (const [name, value] of Object.entries(attributes)) {
    writer.message(NODE_ATTRIBUTE, (attribute) => {
      attribute.data(ATTRIBUTE_NAME, name);
      if (typeof value === "string") {
        attribute.data(ATTRIBUTE_S, value).integer(ATTRIBUTE_TYPE, TYPE_STRING);
      } else if ("int" in value) {
        attribute.integer(ATTRIBUTE_I, value.int).integer(ATTRIBUTE_TYPE, TYPE_INT);
      } else if ("float" in value) {
        attribute.float(ATTRIBUTE_F, value.float).integer(ATTRIBUTE_TYPE, TYPE_FLOAT);
      } else {
        for (const item of value) attribute.integer(ATTRIBUTE_INTS, item);
        attribute.integer(ATTRIBUTE_TYPE, TYPE_INTS);
      }
    });
  }
}

function writeValue(writer: ProtoWriter, { name, dtype, shape }: OnnxValue): void {
  writer.data(VALUE_NAME, name).message(
    VALUE_TYPE,
    (type) =>
      type.message(
        TYPE_TENSOR,
        (tensor) =>
          tensor.integer(ELEMENT_TYPE, ELEMENT_TYPES[dtype]).message(ELEMENT_SHAPE, (sides) => {
            for (const size of shape) {
              sides.message(SHAPE_DIM, (dim) => {
                if (typeof size === "number") {
                  dim.integer(DIM_VALUE, size);
                } else dim.data(DIM_PARAM, symbolOf(size));
              });
            }
          }),
      ),
  );
}

/** For example "N" or "2*H". */
function symbolOf({ times, of }: Exclude<Size, number>): string {
  return [...(times === 1 ? [] : [times]), ...of].join("*");
}
