/**
 * Detects values that JavaScript draws or counts: two recordings of one function must give equal
 * plans.
 */
import { describeTensor, DType } from "../binding/dtypes.ts";
import { type GraphPlan, nodeOf, type PlannedConstant, type PlannedNode } from "./graph_plan.ts";

/** @returns how the plans differ, naming the op; undefined if they are equal */
export function planDifference(first: GraphPlan, second: GraphPlan): string | undefined {
  const constants = new Map(first.constants.map((constant) => [constant.name, constant]));
  const others = new Map(second.constants.map((constant) => [constant.name, constant]));
  const length = Math.max(first.nodes.length, second.nodes.length);
  for (let i = 0; i < length; i++) {
    const a = first.nodes[i], b = second.nodes[i];
    if (!a || !b || a.op !== b.op) {
      return `op ${i} was ${describeNode(a)} and then ${describeNode(b)}`;
    }
    const changed = changedConstant(a, b, constants, others);
    if (changed) return changed;
    if (JSON.stringify(a.attributes) !== JSON.stringify(b.attributes)) {
      return `op ${a.name} had attributes ${JSON.stringify(a.attributes)} ` +
        `and then ${JSON.stringify(b.attributes)}`;
    }
    if (a.inputs.join() !== b.inputs.join() || describeNode(a) !== describeNode(b)) {
      return `op ${a.name} was ${describeNode(a)} of (${a.inputs.join(", ")}) ` +
        `and then ${describeNode(b)} of (${b.inputs.join(", ")})`;
    }
  }
  if (first.outputs.join() !== second.outputs.join()) return "the outputs came from other ops";
  return outputConstants(first, constants, others);
}

function changedConstant(
  a: PlannedNode,
  b: PlannedNode,
  constants: ReadonlyMap<string, PlannedConstant>,
  others: ReadonlyMap<string, PlannedConstant>,
): string | undefined {
  for (const [i, input] of a.inputs.entries()) {
    const one = constants.get(nodeOf(input)), other = others.get(nodeOf(b.inputs[i] ?? ""));
    if (one && other && !sameConstant(one, other)) {
      return `op ${a.name} used the constant ${describeConstant(one)} ` +
        `and then ${describeConstant(other)}`;
    }
  }
  return undefined;
}

function outputConstants(
  { outputs }: GraphPlan,
  constants: ReadonlyMap<string, PlannedConstant>,
  others: ReadonlyMap<string, PlannedConstant>,
): string | undefined {
  for (const output of outputs) {
    const one = constants.get(nodeOf(output)), other = others.get(nodeOf(output));
    if (one && other && !sameConstant(one, other)) {
      return `an output was the constant ${describeConstant(one)} ` +
        `and then ${describeConstant(other)}`;
    }
  }
  return undefined;
}

function sameConstant(a: PlannedConstant, b: PlannedConstant): boolean {
  if (describeTensor(a.dtype, a.shape) !== describeTensor(b.dtype, b.shape)) return false;
  if (a.bytes instanceof Uint8Array && b.bytes instanceof Uint8Array) {
    return a.uniform === b.uniform && sameBytes(a.bytes, b.bytes);
  }
  if (a.bytes instanceof Uint8Array || b.bytes instanceof Uint8Array) return false;
  const texts = b.bytes;
  return a.bytes.every((text, i) => sameBytes(text, texts[i] ?? new Uint8Array()));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function describeNode(node: PlannedNode | undefined): string {
  if (!node) return "missing";
  return `${node.op} → ${node.outputs.map((o) => describeTensor(o.dtype, o.shape)).join(", ")}`;
}

function describeConstant({ dtype, shape, bytes }: PlannedConstant): string {
  const type = describeTensor(dtype, shape);
  if (!(bytes instanceof Uint8Array) || bytes.length < 4) return type;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (dtype === DType.FLOAT) return `${type} ${view.getFloat32(0, true)}…`;
  if (dtype === DType.INT32) return `${type} ${view.getInt32(0, true)}…`;
  return type;
}
