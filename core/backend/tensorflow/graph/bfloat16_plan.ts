/**
 * Mixed precision as a rewrite of the planned graph: convolutions and matrix products take bfloat16
 * inputs and return float32. Everything else, above all weights, moments and moving averages, stays
 * float32.
 *
 * TensorFlow's own rewrite (auto_mixed_precision_onednn_bfloat16) is not used, because in training
 * steps it also converts the updates of large weights and of their moving average to bfloat16,
 * where small updates are lost.
 */
import type { Attribute } from "../binding/attributes.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";

/**
 * Ops computed in bfloat16, with the indices of their numeric inputs (the other inputs are sizes).
 */
const PRODUCTS: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  _FusedConv2D: [0, 1, 2],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  MatMul: [0, 1],
  BatchMatMulV2: [0, 1],
};

/**
 * oneDNN's own fused convolution. TensorFlow's op of that kind supports bfloat16 only after the
 * layout pass has replaced it by this one.
 */
export const NARROW_FUSED_OP = "_MklNativeFusedConv2D";

/** @returns the plan with its float32 products computed in bfloat16 */
export function narrowProducts(plan: GraphPlan): GraphPlan {
  const nodes: PlannedNode[] = [];
  const narrow = new Map<string, string>(); // float32 endpoint → its bfloat16 copy
  const wide = new Map<string, string>(); // bfloat16 product → its output as float32

  const narrowed = (reference: string): string => {
    let name = narrow.get(reference);
    if (name === undefined) {
      name = cast(reference, DType.FLOAT, DType.BFLOAT16);
      narrow.set(reference, name);
    }
    return name;
  };
  const cast = (reference: string, from: number, to: number): string => {
    const name = `Cast${to}_${nodes.length}`; // no planned node has such a name
    nodes.push({
      name,
      op: "Cast",
      inputs: [reference],
      attributes: [type("SrcT", from), type("DstT", to), flag("Truncate")],
      outputs: [],
    });
    return `${name}:0`;
  };

  for (const node of plan.nodes) {
    const inputs = node.inputs.map((input) => wide.get(input) ?? input);
    const positions = PRODUCTS[node.op];
    if (!positions || !isFloat32(node)) {
      nodes.push({ ...node, inputs });
      continue;
    }
    positions.forEach((i) => inputs[i] = narrowed(inputs[i]!)); // products have these inputs
    nodes.push(
      node.op === "_FusedConv2D" ? narrowFused(node, inputs) : {
        ...node,
        inputs,
        attributes: node.attributes.map((a) => a.name === "T" ? type("T", DType.BFLOAT16) : a),
      },
    );
    const output = `${node.name}:0`, back = cast(output, DType.BFLOAT16, DType.FLOAT);
    wide.set(output, back);
    narrow.set(back, output); // another product takes it without a cast
  }
  return { ...plan, nodes, outputs: plan.outputs.map((output) => wide.get(output) ?? output) };
}

function narrowFused(node: PlannedNode, inputs: readonly string[]): PlannedNode {
  const others = node.attributes.filter(({ name }) => name !== "T" && name !== "TArgs");
  return {
    ...node,
    op: NARROW_FUSED_OP,
    inputs,
    attributes: [
      ...others,
      type("T", DType.BFLOAT16),
      { name: "TArgs", type: AttrKind.TYPE, value: [DType.BFLOAT16] },
      { name: "_kernel", type: AttrKind.STRING, value: "MklNameChangeOp" }, // the kernels' label
    ],
  };
}

function isFloat32({ attributes }: PlannedNode): boolean {
  return attributes.some((a) => a.name === "T" && a.value === DType.FLOAT);
}

function type(name: string, value: number): Attribute {
  return { name, type: AttrKind.TYPE, value };
}

function flag(name: string): Attribute {
  return { name, type: AttrKind.BOOL, value: false };
}
