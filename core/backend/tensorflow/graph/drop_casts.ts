/**
 * Removes casts to the type that a tensor already has. tfjs's means and sums add one each; they
 * hide that two ops read the same tensor.
 */
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";

/** @returns the plan in which readers of such a cast read its input instead */
export function dropCasts(plan: GraphPlan): GraphPlan {
  const renamed = new Map<string, string>(), nodes: PlannedNode[] = [];
  const rename = (endpoints: readonly string[]) => endpoints.map((e) => renamed.get(e) ?? e);
  for (const node of plan.nodes) {
    const inputs = rename(node.inputs);
    if (isRedundant(node)) renamed.set(`${node.name}:0`, inputs[0]!); // a cast has one
    else nodes.push({ ...node, inputs });
  }
  return { ...plan, nodes, outputs: rename(plan.outputs) };
}

function isRedundant({ op, inputs, attributes }: PlannedNode): boolean {
  const type = (name: string) => attributes.find((attribute) => attribute.name === name)?.value;
  return op === "Cast" && inputs.length === 1 && type("SrcT") === type("DstT");
}
