import { type GraphPlan, type PlannedNode, sizeOf } from "./graph_plan.ts";
import type { TensorType } from "./record.ts";

/** Values of all rows, up to which each process computes statistics of all of them. */
const SMALL = 262_144;

/**
 * Names of nodes whose result meets again what it was computed of, as in the minibatch deviation: a
 * mean, what differs from it, the mean of that, and their gradients, each of which would be a join.
 * Their rows are better put together once, for everyone to compare them all.
 * @param types of all endpoints
 */
export function nodesThatCompare(
  { nodes }: GraphPlan,
  types: ReadonlyMap<string, TensorType>,
): Set<string> {
  const makers = new Map<string, PlannedNode>(nodes.map((node) => [`${node.name}:0`, node]));
  const found = new Set<string>();
  for (const { inputs } of nodes) {
    for (const { name, inputs: [rows = ""] } of inputs.flatMap((i) => makers.get(i) ?? [])) {
      const type = types.get(rows);
      if (type && sizeOf(type) <= SMALL && inputs.includes(rows)) found.add(name);
    }
  }
  return found;
}
