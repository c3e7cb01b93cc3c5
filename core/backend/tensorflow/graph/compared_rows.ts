import { type GraphPlan, type PlannedNode, sizeOf } from "./graph_plan.ts";
import type { TensorType } from "./record.ts";

/**
 * Largest number of elements of the whole batch for which each worker computes statistics of all
 * rows.
 */
const SMALL = 262_144;

/**
 * Names of nodes whose result is combined with their own input again, as in the minibatch standard
 * deviation: a mean, the deviations from it, the mean of those, and their gradients. Each of these
 * would need its own join across workers; gathering the rows once, so that every worker has all of
 * them, is cheaper.
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
