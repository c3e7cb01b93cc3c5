/**
 * Rules by op: how its result follows from contiguous shards of its inputs along their first axis.
 */
import type { AttrValue } from "../binding/attributes.ts";
import type { TensorType } from "./record.ts";

/** What a rule sees of a node. */
export interface NodeView {
  op: string;
  inputs: readonly TensorType[];
  outputs: readonly TensorType[];
  attribute(name: string): AttrValue | undefined;
  /** Values of an int32 constant; undefined if the input is not one. */
  integers(input: number): readonly number[] | undefined;
}

/**
 * How one input is passed to the op of a shard: its shard, the whole tensor, or other integers
 * instead.
 */
export type PieceInput = "piece" | "whole" | readonly number[];

/** How an op is computed shard by shard. */
export interface Cut {
  inputs: PieceInput[];
  /** Whether the outputs of the shards are shards of the output, or must be summed or averaged. */
  result: "pieces" | "sum" | "mean";
}

/** @returns undefined if the op can't be computed in shards */
type Rule = (node: NodeView, shards: number) => Cut | undefined;

/** A shard of each of the first `count` inputs, and the whole of the others. */
const pieces = (count: number): Rule => (node) => ({
  inputs: node.inputs.map((_, i) => i < count ? "piece" : "whole"),
  result: "pieces",
});

/**
 * Elementwise with broadcasting: inputs that have the result's first axis are sharded, inputs that
 * are broadcast along it are not.
 */
const broadcast: Rule = ({ inputs, outputs }) => {
  const { shape } = outputs[0]!; // these ops have one
  return {
    inputs: inputs.map((input) =>
      input.shape.length === shape.length && input.shape[0] === shape[0] ? "piece" : "whole"
    ),
    result: "pieces",
  };
};

/**
 * Reduction along constant axes. Across the first axis, `across` says how the shards' results
 * combine, if they can.
 */
const reduction = (across?: "sum" | "mean"): Rule => (node) => {
  const axes = node.integers(1);
  if (!axes) return undefined;
  const rank = node.inputs[0]!.shape.length; // reductions have two inputs
  const first = axes.some((axis) => axis === 0 || axis === -rank);
  const result = first ? across : "pieces";
  return result && { inputs: ["piece", "whole"], result };
};

/** Reshaping keeps the order of elements, so a contiguous shard stays one. */
const reshape: Rule = ({ outputs }, shards) => {
  const { shape } = outputs[0]!; // it has one
  if (shape.length === 0 || shape[0]! % shards !== 0) return undefined;
  return { inputs: ["piece", cutShape(shape, shards)], result: "pieces" };
};

/** Matrix products by rows; if the sum runs over the rows, the shards' products are added. */
const matrixProduct = (transposeA: string, transposeB: string): Rule => (node) => {
  const [a, b] = node.inputs as [TensorType, TensorType]; // products have two
  if (a.shape.length > 2 || b.shape.length > 2) {
    const rank = Math.max(a.shape.length, b.shape.length);
    const cut = [a, b].map(({ shape }) =>
      shape.length === rank && shape[0] !== 1 ? "piece" : "whole"
    );
    return { inputs: cut as PieceInput[], result: "pieces" }; // each is one of the two words
  }
  if (!node.attribute(transposeA)) return { inputs: ["piece", "whole"], result: "pieces" };
  return node.attribute(transposeB) ? undefined : { inputs: ["piece", "piece"], result: "sum" };
};

/** Padding that leaves the first axis as it is: its paddings are (0, 0). */
const padding: Rule = (node) => {
  const rows = node.integers(1);
  if (!rows || rows[0] !== 0 || rows[1] !== 0) return undefined;
  return { inputs: node.inputs.map((_, i) => i === 0 ? "piece" : "whole"), result: "pieces" };
};

/** A slice that keeps the whole first axis. */
const slice: Rule = (node, shards) => {
  const begin = node.integers(1), size = node.integers(2), count = node.inputs[0]!.shape[0];
  if (!begin || !size || begin[0] !== 0) return undefined;
  if (size[0] !== count && size[0] !== -1) return undefined;
  return { inputs: ["piece", "whole", [count! / shards, ...size.slice(1)]], result: "pieces" };
};

/** Concatenation along an axis other than the first. */
const concat: Rule = (node) => {
  const last = node.inputs.length - 1, axis = node.integers(last)?.[0];
  const rank = node.outputs[0]!.shape.length;
  if (axis === undefined || axis === 0 || axis === -rank) return undefined;
  return { inputs: node.inputs.map((_, i) => i < last ? "piece" : "whole"), result: "pieces" };
};

/** A split along an axis other than the first. */
const split = (value: number, axisAt: number): Rule => (node) => {
  const axis = node.integers(axisAt)?.[0], rank = node.inputs[value]!.shape.length;
  if (axis === undefined || axis === 0 || axis === -rank) return undefined;
  return { inputs: node.inputs.map((_, i) => i === value ? "piece" : "whole"), result: "pieces" };
};

/** Repetition along axes other than the first. */
const tile: Rule = (node) =>
  node.integers(1)?.[0] === 1 ? { inputs: ["piece", "whole"], result: "pieces" } : undefined;

/** A transposition that keeps the first axis first. */
const transpose: Rule = (node) =>
  node.integers(1)?.[0] === 0 ? { inputs: ["piece", "whole"], result: "pieces" } : undefined;

/** Normalization of each row; with a single axis, the normalized axis would be the sharded one. */
const rows: Rule = (node, shards) =>
  node.inputs[0]!.shape.length > 1 ? pieces(1)(node, shards) : undefined;

/** The gradient of a convolution with respect to its input, whose shape is the op's first input. */
const inputGradient: Rule = ({ outputs }, shards) => ({
  inputs: [cutShape(outputs[0]!.shape, shards), "whole", "piece"],
  result: "pieces",
});

const filterGradient: Rule = () => ({ inputs: ["piece", "whole", "piece"], result: "sum" });

function cutShape(shape: readonly number[], shards: number): number[] {
  return [shape[0]! / shards, ...shape.slice(1)]; // not of rank 0
}

/** All ops that can be computed in shards. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[
    ...["Neg", "Square", "Sqrt", "Rsqrt", "Exp", "Expm1", "Log", "Log1p", "Abs", "Sign", "Floor"],
    ...["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Cast", "Reciprocal", "Round"],
    ...["Sin", "Cos", "ZerosLike", "OnesLike", "LogicalNot", "IsNan", "IsFinite", "Identity"],
    ...["Add", "AddV2", "AddN", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "Pow", "SelectV2"],
    ...["SquaredDifference", "Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"],
    ...["LogicalAnd", "LogicalOr", "ReluGrad", "LeakyReluGrad", "EluGrad", "DivNoNan", "FloorMod"],
  ].map((op) => [op, broadcast] as const),
  ["Conv2D", pieces(1)],
  ["_FusedConv2D", pieces(1)],
  ["DepthwiseConv2dNative", pieces(1)],
  ["Conv2DBackpropInput", inputGradient],
  ["Conv2DBackpropFilter", filterGradient],
  ["DepthwiseConv2dNativeBackpropInput", inputGradient],
  ["DepthwiseConv2dNativeBackpropFilter", filterGradient],
  ["AvgPool", pieces(1)],
  ["MaxPool", pieces(1)],
  ["MaxPoolGrad", pieces(3)],
  ["ResizeNearestNeighbor", pieces(1)],
  ["ResizeNearestNeighborGrad", pieces(1)],
  ["ResizeBilinear", pieces(1)],
  ["ResizeBilinearGrad", pieces(2)],
  ["MatMul", matrixProduct("transpose_a", "transpose_b")],
  ["BatchMatMulV2", matrixProduct("adj_x", "adj_y")],
  ["Sum", reduction("sum")],
  ["Mean", reduction("mean")],
  ["Max", reduction()],
  ["Min", reduction()],
  ["Prod", reduction()],
  ["Reshape", reshape],
  ["Slice", slice],
  ["Pad", padding],
  ["PadV2", padding],
  ["MirrorPad", padding],
  ["Tile", tile],
  ["Transpose", transpose],
  ["ConcatV2", concat],
  ["Split", split(1, 0)],
  ["SplitV", split(0, 2)],
  ["Softmax", rows],
  ["LogSoftmax", rows],
]);
