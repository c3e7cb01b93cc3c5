/** Translates each op of a graph to ONNX operators (https://onnx.ai/onnx/operators/, opset 17). */
import { ExportError } from "../export_error.ts";
import type { GraphNode, Size } from "../graph.ts";
import type { OnnxEmitter } from "./onnx_emitter.ts";
import { ELEMENT_TYPES, type OnnxAttribute } from "./onnx_model.ts";

type Translate = (onnx: OnnxEmitter, node: GraphNode) => void;

/** An op with one output, in our layout. */
const plain =
  (make: (onnx: OnnxEmitter, node: GraphNode, inputs: string[]) => string): Translate =>
  (onnx, node) => {
    const inputs = node.inputs.map((name) => onnx.get(name));
    onnx.set(node.outputs[0]!.name, make(onnx, node, inputs)); // one output
  };

/** An op that only has another name. */
const same = (op: string) => plain((onnx, _, inputs) => onnx.add(op, inputs));

/** An op with one output that takes and returns images, channels first. */
const ofImages = (
  make: (onnx: OnnxEmitter, node: GraphNode, x: string) => string,
): Translate =>
(onnx, node) => {
  const x = onnx.channelsFirst(node.inputs[0]!); // the picture comes first
  onnx.setFirst(node.outputs[0]!.name, make(onnx, node, x)); // one output
};

const numbers = (node: GraphNode, name: string) => node.attributes[name] as number[]; // as read
const pairOf = (node: GraphNode, name: string) => numbers(node, name) as [number, number];
const number = (node: GraphNode, name: string) => node.attributes[name] as number; // set by read()

/** Padding like TensorFlow's "same": an odd pixel goes after. */
function windowOf(
  onnx: OnnxEmitter,
  node: GraphNode,
  window: readonly [number, number],
): Record<string, OnnxAttribute> {
  const strides = pairOf(node, "strides");
  const common = { kernel_shape: window, strides };
  if (node.attributes.pad === "valid") return common;
  const total = window.map((side, i) => {
    if (strides[i] === 1) return side - 1;
    const length = onnx.sideOf(node.inputs[0]!, i + 1); // NHWC
    return Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + side - length);
  });
  const before = total.map((pixels) => Math.floor(pixels / 2));
  return { ...common, pads: [...before, ...total.map((pixels, i) => pixels - before[i]!)] };
}

/** The window of a filter [height, width, …]. */
function filterWindow(onnx: OnnxEmitter, node: GraphNode): [number, number] {
  const filter = node.inputs[1]!; // after the picture
  return [onnx.sideOf(filter, 0), onnx.sideOf(filter, 1)];
}

const reduction = (op: "ReduceMean" | "ReduceSum" | "ReduceMax") =>
  plain((onnx, node, [x]) => {
    const axes = numbers(node, "axes"), keepdims = { int: node.attributes.keepDims ? 1 : 0 };
    // ReduceSum takes its axes as an input since opset 13, the others since opset 18.
    return op === "ReduceSum"
      ? onnx.add(op, [x!, onnx.integers(axes)], { keepdims })
      : onnx.add(op, [x!], { axes, keepdims });
  });

const pooling = (op: "AveragePool" | "MaxPool") =>
  ofImages((onnx, node, x) => onnx.add(op, [x], windowOf(onnx, node, pairOf(node, "filterSize"))));

/** Enlarges by whole factors. */
const resize = (attributesOf: (node: GraphNode) => Record<string, OnnxAttribute>) =>
  ofImages((onnx, node, x) =>
    onnx.add(
      "Resize",
      [x, "", onnx.floats([1, 1, ...pairOf(node, "factors")])],
      attributesOf(node),
    )
  );

/**
 * At the edges, our matrices normalize the kernel's weights to sum 1, as `exclude_outside` does.
 */
function resizeMode({ attributes: { method } }: GraphNode): Record<string, OnnxAttribute> {
  const common = { coordinate_transformation_mode: "half_pixel" };
  if (method === "bilinear") return { ...common, mode: "linear" };
  if (method === "bicubic") {
    return {
      ...common,
      mode: "cubic",
      cubic_coeff_a: { float: -0.5 },
      exclude_outside: { int: 1 },
    };
  }
  throw new ExportError(
    `Cannot export to ONNX: expected a bilinear or bicubic resize, received ${method}`,
  );
}

/** By the graph's op name. */
export const ONNX_OPS: Readonly<Record<string, Translate>> = {
  Add: same("Add"),
  Sub: same("Sub"),
  Multiply: same("Mul"),
  RealDiv: same("Div"),
  Maximum: same("Max"),
  Minimum: same("Min"),
  Abs: same("Abs"),
  Exp: same("Exp"),
  Log: same("Log"),
  Neg: same("Neg"),
  Relu: same("Relu"),
  Sigmoid: same("Sigmoid"),
  Softplus: same("Softplus"),
  Sqrt: same("Sqrt"),
  Tanh: same("Tanh"),
  Rsqrt: plain((onnx, _, [x]) => onnx.add("Reciprocal", [onnx.add("Sqrt", [x!])])),
  Square: plain((onnx, _, [x]) => onnx.add("Mul", [x!, x!])),
  LeakyRelu: plain((onnx, node, [x]) =>
    onnx.add("LeakyRelu", [x!], { alpha: { float: number(node, "alpha") } })
  ),
  ClipByValue: plain((onnx, node, [x]) =>
    onnx.add("Clip", [
      x!,
      onnx.floats(number(node, "minimum")),
      onnx.floats(number(node, "maximum")),
    ])
  ),
  BatchMatMul: plain((onnx, node, [a, b]) => {
    const turn = (name: string, value: string, is: unknown) => {
      const rank = onnx.shapeOf(name).length;
      const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      return is ? onnx.add("Transpose", [value], { perm }) : value;
    };
    const { transposeA, transposeB } = node.attributes;
    const [left, right] = node.inputs as [string, string]; // two inputs
    return onnx.add("MatMul", [turn(left, a!, transposeA), turn(right, b!, transposeB)]);
  }),
  Conv2D: ofImages((onnx, node, x) =>
    onnx.add(
      "Conv",
      [x, onnx.filter(node.inputs[1]!, [3, 2, 0, 1])], // [out, in, height, width]
      windowOf(onnx, node, filterWindow(onnx, node)),
    )
  ),
  Conv2DBackpropInput: ofImages((onnx, node, x) => {
    const window = filterWindow(onnx, node), strides = pairOf(node, "strides");
    // The output's size is the input's times the strides.
    const total = window.map((side, i) => side - strides[i]!); // same length
    if (total.some((pixels) => pixels < 0)) {
      throw new ExportError("Cannot export a transposed convolution: expected a filter ≥ stride");
    }
    const before = total.map((pixels) => Math.floor(pixels / 2));
    const pads = [...before, ...total.map((pixels, i) => pixels - before[i]!)];
    // The filter is [height, width, out, in], ONNX's is [in, out, height, width].
    const filter = onnx.filter(node.inputs[1]!, [3, 2, 0, 1]);
    return onnx.add("ConvTranspose", [x, filter], { kernel_shape: window, strides, pads });
  }),
  DepthwiseConv2dNative: ofImages((onnx, node, x) => {
    const filter = node.inputs[1]!, channels = onnx.sideOf(filter, 2); // after the picture
    if (onnx.sideOf(filter, 3) !== 1) {
      throw new ExportError("Cannot export a depthwise convolution: expected a multiplier of 1");
    }
    return onnx.add("Conv", [x, onnx.filter(filter, [2, 3, 0, 1])], {
      ...windowOf(onnx, node, filterWindow(onnx, node)),
      group: { int: channels },
    });
  }),
  AvgPool: pooling("AveragePool"),
  MaxPool: pooling("MaxPool"),
  ResizeNearestNeighbor: resize(() => ({
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  })),
  ResizeMatrix: resize(resizeMode),
  Mean: reduction("ReduceMean"),
  Sum: reduction("ReduceSum"),
  Max: reduction("ReduceMax"),
  Reshape: plain((onnx, node, [x]) => {
    const shape = node.attributes.shape as readonly Size[]; // set by read()
    const free = shape.filter((size) => typeof size !== "number").length;
    const target = free === 1
      ? onnx.integers(shape.map((size) => typeof size === "number" ? size : -1))
      : onnx.shape(shape);
    return onnx.add("Reshape", [x!, target]);
  }),
  BroadcastTo: plain((onnx, node, [x]) =>
    onnx.add("Expand", [x!, onnx.shape(node.attributes.shape)])
  ),
  Transpose: plain((onnx, node, [x]) =>
    onnx.add("Transpose", [x!], { perm: numbers(node, "perm") })
  ),
  Concat: plain((onnx, node, inputs) =>
    onnx.add("Concat", inputs, { axis: { int: number(node, "axis") } })
  ),
  SplitV(onnx, node) {
    const sizes = onnx.integers(numbers(node, "sizes"));
    const made = onnx.addMany(
      "Split",
      [onnx.get(node.inputs[0]!), sizes], // one input
      node.outputs.length,
      { axis: { int: number(node, "axis") } },
    );
    node.outputs.forEach(({ name }, i) => onnx.set(name, made[i]!)); // same length
  },
  OneHot: plain((onnx, node, [x]) => {
    const indices = onnx.add("Cast", [x!], { to: { int: ELEMENT_TYPES.int64 } });
    const depth = onnx.integers([number(node, "depth")]);
    const hot = onnx.add("OneHot", [indices, depth, onnx.floats([0, 1])], { axis: { int: -1 } });
    const to = ELEMENT_TYPES[node.outputs[0]!.dtype]; // one output
    return onnx.add("Cast", [hot], { to: { int: to } });
  }),
  Cast: plain((onnx, node, [x]) =>
    onnx.add("Cast", [x!], { to: { int: ELEMENT_TYPES[node.outputs[0]!.dtype] } }) // one output
  ),
};
