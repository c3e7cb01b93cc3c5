/**
 * A plan without casts to the type that is there already. tfjs's means and sums make one each, and
 * they hide that two ops read the same tensor.
 */
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";

/** @returns the plan, in which what read such a cast reads what it was given */
export function dropCasts(plan: GraphPlan): GraphPlan {
  const renamed = new Map<string, string>(), nodes: PlannedNode[] = [];
  const rename = (endpoints: readonly string[]) => endpoints.map((e) => renamed.get(e) ?? e);
  for (const node of plan.nodes) {
    const inputs = rename(node.inputs);
    if (isIdle(node)) renamed.set(`${node.name}:0`, inputs[0]!); // a cast has one
    else nodes.push({ ...node, inputs });
  }
  return { ...plan, nodes, outputs: rename(plan.outputs) };
}

function isIdle({ op, inputs, attributes }: PlannedNode): boolean {
  const type = (name: string) => attributes.find((attribute) => attribute.name === name)?.value;
  return op === "Cast" && inputs.length === 1 && type("SrcT") === type("DstT");
}
