/** Translates each op of a graph to TensorFlow's (tensorflow.org/api_docs/python/tf/raw_ops). */
import type { Attribute } from "../../backend/tensorflow/binding/attributes.ts";
import { ExportError } from "../export_error.ts";
import type { GraphNode, Size } from "../graph.ts";
import { attribute, type TensorflowEmitter } from "./tensorflow_emitter.ts";

type Translate = (tensorflow: TensorflowEmitter, node: GraphNode) => void;

/** An op with one output; `T` is the type of the first input. */
const single = (
  make: (
    tensorflow: TensorflowEmitter,
    node: GraphNode,
    inputs: string[],
    T: Attribute,
  ) => string,
): Translate =>
(tensorflow, node) => {
  const inputs = node.inputs.map((name) => tensorflow.get(name));
  const T = attribute.type("T", tensorflow.typeOf(node.inputs[0]!).dtype); // one at least
  tensorflow.set(node.outputs[0]!.name, make(tensorflow, node, inputs, T)); // one output
};

const same = (op: string) => single((tensorflow, _, inputs, T) => tensorflow.add(op, inputs, [T]));

const numbers = (node: GraphNode, name: string) => node.attributes[name] as number[]; // as read
const number = (node: GraphNode, name: string) => node.attributes[name] as number; // set by read()

/** Strides and padding, NHWC. */
function windowed(node: GraphNode): Attribute[] {
  return [
    attribute.integer("strides", [1, ...numbers(node, "strides"), 1]),
    attribute.word("padding", String(node.attributes.pad).toUpperCase()),
  ];
}

const convolution = (op: string) =>
  single((tensorflow, node, inputs, T) => tensorflow.add(op, inputs, [T, ...windowed(node)]));

const pooling = (op: string) =>
  single((tensorflow, node, inputs, T) => {
    const window = attribute.integer("ksize", [1, ...numbers(node, "filterSize"), 1]);
    return tensorflow.add(op, inputs, [T, window, ...windowed(node)]);
  });

const reduction = (op: string) =>
  single((tensorflow, node, [x], T) =>
    tensorflow.add(op, [x!, tensorflow.integers(numbers(node, "axes"))], [
      T,
      attribute.type("Tidx", "int32"),
      attribute.flag("keep_dims", node.attributes.keepDims === true),
    ])
  );

/** Height and width of a node's output. */
const sidesOf = (tensorflow: TensorflowEmitter, node: GraphNode) =>
  tensorflow.shape(node.outputs[0]!.shape.slice(1, 3)); // NHWC

/** With half-pixel centers, TensorFlow's kernels weight pixels as ours do. */
const RESIZES: Readonly<Record<string, string>> = {
  bilinear: "ResizeBilinear",
  bicubic: "ResizeBicubic",
};

/** By the graph's op name. */
export const TENSORFLOW_OPS: Readonly<Record<string, Translate>> = {
  Add: same("AddV2"),
  Sub: same("Sub"),
  Multiply: same("Mul"),
  RealDiv: same("RealDiv"),
  Maximum: same("Maximum"),
  Minimum: same("Minimum"),
  Abs: same("Abs"),
  Exp: same("Exp"),
  Log: same("Log"),
  Neg: same("Neg"),
  Relu: same("Relu"),
  Rsqrt: same("Rsqrt"),
  Sigmoid: same("Sigmoid"),
  Softplus: same("Softplus"),
  Sqrt: same("Sqrt"),
  Square: same("Square"),
  Tanh: same("Tanh"),
  LeakyRelu: single((tensorflow, node, inputs, T) =>
    tensorflow.add("LeakyRelu", inputs, [T, attribute.float("alpha", number(node, "alpha"))])
  ),
  ClipByValue: single((tensorflow, node, [x], T) => {
    const ends = [number(node, "minimum"), number(node, "maximum")];
    return tensorflow.add("ClipByValue", [x!, ...ends.map((v) => tensorflow.float(v))], [T]);
  }),
  BatchMatMul: single((tensorflow, node, inputs, T) => {
    const flags = [node.attributes.transposeA === true, node.attributes.transposeB === true];
    const isFlat = node.inputs.every((name) => tensorflow.typeOf(name).shape.length === 2);
    const [op, ...names] = isFlat
      ? ["MatMul", "transpose_a", "transpose_b"] as const
      : ["BatchMatMulV2", "adj_x", "adj_y"] as const;
    return tensorflow.add(op, inputs, [
      T,
      ...names.map((name, i) => attribute.flag(name, flags[i]!)), // two
    ]);
  }),
  Conv2D: convolution("Conv2D"),
  DepthwiseConv2dNative: convolution("DepthwiseConv2dNative"),
  Conv2DBackpropInput: single((tensorflow, node, [dy, filter], T) => {
    const sizes = tensorflow.shape(node.outputs[0]!.shape); // one output
    return tensorflow.add("Conv2DBackpropInput", [sizes, filter!, dy!], [T, ...windowed(node)]);
  }),
  AvgPool: pooling("AvgPool"),
  MaxPool: pooling("MaxPool"),
  ResizeNearestNeighbor: single((tensorflow, node, [x], T) =>
    tensorflow.add("ResizeNearestNeighbor", [x!, sidesOf(tensorflow, node)], [T])
  ),
  ResizeMatrix: single((tensorflow, node, [x], T) => {
    const op = RESIZES[String(node.attributes.method)];
    if (!op) {
      throw new ExportError(
        `Cannot export to TensorFlow: expected a bilinear or bicubic resize, received ` +
          `${node.attributes.method}`,
      );
    }
    const centers = attribute.flag("half_pixel_centers", true);
    return tensorflow.add(op, [x!, sidesOf(tensorflow, node)], [T, centers]);
  }),
  Mean: reduction("Mean"),
  Sum: reduction("Sum"),
  Max: reduction("Max"),
  Reshape: single((tensorflow, node, [x], T) => {
    const sizes = node.attributes.shape as readonly Size[]; // set by read()
    const free = sizes.filter((size) => typeof size !== "number").length;
    const shape = free === 1
      ? tensorflow.integers(sizes.map((size) => typeof size === "number" ? size : -1))
      : tensorflow.shape(sizes);
    return tensorflow.add("Reshape", [x!, shape], [T, attribute.type("Tshape", "int32")]);
  }),
  BroadcastTo: single((tensorflow, node, [x], T) => {
    const shape = tensorflow.shape(node.attributes.shape as readonly Size[]); // as made
    return tensorflow.add("BroadcastTo", [x!, shape], [T, attribute.type("Tidx", "int32")]);
  }),
  Transpose: single((tensorflow, node, [x], T) => {
    const order = tensorflow.integers(numbers(node, "perm"));
    return tensorflow.add("Transpose", [x!, order], [T, attribute.type("Tperm", "int32")]);
  }),
  Concat: single((tensorflow, node, inputs, T) =>
    tensorflow.add("ConcatV2", [...inputs, tensorflow.integers(number(node, "axis"))], [
      T,
      attribute.integer("N", inputs.length),
      attribute.type("Tidx", "int32"),
    ])
  ),
  SplitV(tensorflow, node) {
    const sizes = numbers(node, "sizes"), [x] = node.inputs;
    const inputs = [
      tensorflow.get(x!), // one input
      tensorflow.integers(sizes),
      tensorflow.integers(number(node, "axis")),
    ];
    const made = tensorflow.add("SplitV", inputs, [
      attribute.type("T", tensorflow.typeOf(x!).dtype),
      attribute.type("Tlen", "int32"),
      attribute.integer("num_split", sizes.length),
    ]);
    node.outputs.forEach(({ name }, i) => tensorflow.set(name, made.replace(/:0$/, `:${i}`)));
  },
  OneHot: single((tensorflow, node, [x]) => {
    const inputs = [x!, tensorflow.integers(number(node, "depth")), tensorflow.float(1)];
    const hot = tensorflow.add("OneHot", [...inputs, tensorflow.float(0)], [
      attribute.type("T", "float32"),
      attribute.type("TI", "int32"),
    ]);
    const { dtype } = node.outputs[0]!; // one output
    return tensorflow.add("Cast", [hot], [
      attribute.type("SrcT", "float32"),
      attribute.type("DstT", dtype),
    ]);
  }),
  Cast: single((tensorflow, node, [x]) =>
    tensorflow.add("Cast", [x!], [
      attribute.type("SrcT", tensorflow.typeOf(node.inputs[0]!).dtype), // one input
      attribute.type("DstT", node.outputs[0]!.dtype),
    ])
  ),
};
