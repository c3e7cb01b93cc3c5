/**
 * Removes explicit broadcasts from the planned graph. tfjs's gradients of sums and means multiply a
 * number by a tensor of ones, divide that by the count and multiply it by the next gradient: full
 * passes over memory for what elementwise ops broadcast implicitly. The arithmetic per element is
 * unchanged, so results stay bit-identical.
 */
import { DType } from "../binding/dtypes.ts";
import {
  endpointTypes,
  type GraphPlan,
  nodeOf,
  type PlannedConstant,
  type PlannedNode,
  sizeOf,
} from "./graph_plan.ts";
import type { TensorType } from "./record.ts";

/** Elementwise ops that broadcast their inputs; nothing else about them matters here. */
const ELEMENTWISE = new Set(["Add", "AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum"]);

/** @returns the plan in which elementwise ops take compact inputs where they took broadcast ones */
export function foldBroadcasts(plan: GraphPlan): GraphPlan {
  const types = endpointTypes(plan);
  const ones = new Set(plan.constants.filter(isOne).map(({ name }) => `${name}:0`));
  // endpoint that is constant along some axes → endpoint that holds its values once
  const compact = new Map<string, string>();
  const nodes: PlannedNode[] = [];

  for (const node of plan.nodes) {
    const replaced = ELEMENTWISE.has(node.op) ? fold(node) : undefined;
    nodes.push(replaced ?? node);
  }
  return { ...plan, nodes: needed(nodes, plan.outputs) };

  /**
   * Folds `node`, adding a smaller node with the same values before it if necessary.
   * @returns the node that replaces it; undefined if nothing does
   */
  function fold(node: PlannedNode): PlannedNode | undefined {
    const endpoint = `${node.name}:0`, type = node.outputs[0]!; // these ops have one
    const broadcast = node.op === "Mul" ? broadcastFactor(node, type) : undefined;
    if (broadcast !== undefined) {
      compact.set(endpoint, broadcast);
      return undefined;
    }
    const inputs = node.inputs.map((input) => compact.get(input) ?? input);
    if (inputs.every((input, i) => input === node.inputs[i])) return undefined;
    const shape = broadcastShape(inputs.map((input) => types.get(input)!.shape)); // all are typed
    if (`${shape}` === `${type.shape}`) return { ...node, inputs };
    const name = `${node.name}/small`, output = { dtype: type.dtype, shape };
    nodes.push({ ...node, name, inputs, outputs: [output] });
    types.set(`${name}:0`, output);
    compact.set(endpoint, `${name}:0`);
    return undefined;
  }

  /** The factor that a product with ones only broadcasts. */
  function broadcastFactor({ inputs }: PlannedNode, type: TensorType): string | undefined {
    const factor = inputs.find((input, i) => !ones.has(input) && ones.has(inputs[1 - i]!)); // two
    if (factor === undefined || type.dtype !== DType.FLOAT) return undefined;
    const inner = compact.get(factor) ?? factor;
    return sizeOf(types.get(inner)!) < sizeOf(type) ? inner : undefined; // typed, as all
  }
}

function isOne({ dtype, bytes, uniform, shape }: PlannedConstant): boolean {
  if (dtype !== DType.FLOAT || !(bytes instanceof Uint8Array)) return false;
  if (!uniform && shape.some((size) => size !== 1)) return false;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true) === 1;
}

/** Removes the elementwise nodes that nothing reads; nodes with side effects are kept. */
function needed(nodes: readonly PlannedNode[], outputs: readonly string[]): PlannedNode[] {
  const wanted = new Set(outputs.map(nodeOf));
  const kept = nodes.toReversed().filter((node) => {
    if (ELEMENTWISE.has(node.op) && !wanted.has(node.name)) return false;
    for (const input of node.inputs) wanted.add(nodeOf(input));
    return true;
  });
  return kept.reverse();
}

function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.includes(0) ? 0 : Math.max(...sizes);
  });
}
