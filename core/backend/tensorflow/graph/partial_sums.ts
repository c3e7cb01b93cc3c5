/**
 * Delays sums over a batch. The gradients of a weight from the reals, the fakes and a penalty are
 * one sum each, which are then scaled and added up. Instead, the partial sums of the shards can be
 * scaled and added, and one sum is taken once all have been combined. Between workers, that is a
 * third of the bytes.
 */
import { DType } from "../binding/dtypes.ts";
import { endpointTypes, type GraphPlan, type PlannedNode, sizeOf } from "./graph_plan.ts";
import type { Cut } from "./shard_rules.ts";

/** The endpoints that stay partial sums, and the nodes that are computed on them. */
export interface PartialSums {
  /** Endpoints whose partial sums are not added up. */
  kept: ReadonlySet<string>;
  /** Names of nodes that are computed once for each shard. */
  linear: ReadonlySet<string>;
}

/** Linear in all of their inputs together. */
const LINEAR_IN_ALL = new Set(["Add", "AddV2", "AddN", "Sub"]);

/** Linear in the first input; the others are sizes and axes, which are the same for each shard. */
const LINEAR_IN_FIRST = new Set([
  "Neg",
  "Identity",
  "Reshape",
  "Transpose",
  "Slice",
  "Sum",
  "RealDiv",
]);

/**
 * Finds the regions of a plan in which sums are only used linearly, and of them those after which
 * there is less to sum than before.
 * @param plan the plan before it is sharded
 * @param cuts by node that is computed in shards, how the results of its shards combine
 */
export function partialSums(
  plan: GraphPlan,
  cuts: ReadonlyMap<string, Cut["result"]>,
): PartialSums {
  const types = endpointTypes(plan), consumers = new Map<string, PlannedNode[]>();
  const producers = new Map<string, PlannedNode>();
  for (const node of plan.nodes) {
    producers.set(`${node.name}:0`, node);
    for (const input of new Set(node.inputs)) {
      consumers.set(input, [...consumers.get(input) ?? [], node]);
    }
  }
  const outputs = new Set(plan.outputs), kept = new Set<string>(), sums = new Set<string>();
  const size = (endpoint: string) => sizeOf(types.get(endpoint)!); // all are the plan's own
  const isLinear = (node: PlannedNode) =>
    !cuts.has(node.name) && isLinearIn(node, (input) => kept.has(input));

  for (const node of plan.nodes) { // candidates that may stay partial if their readers allow it
    const isSum = cuts.get(node.name) === "sum" && node.outputs[0]!.dtype === DType.FLOAT;
    if (isSum) sums.add(`${node.name}:0`);
    if (isSum || isLinear(node)) kept.add(`${node.name}:0`);
  }
  for (let before = -1; before !== kept.size;) { // remove the others until nothing changes
    before = kept.size;
    for (const endpoint of kept) {
      const made = sums.has(endpoint) || isLinear(producers.get(endpoint)!); // a node's
      const stays = made && !outputs.has(endpoint) &&
        (consumers.get(endpoint) ?? []).every(isLinear);
      if (!stays) kept.delete(endpoint);
    }
  }
  for (const group of groupsOf(kept, consumers)) {
    const summed = [...group].filter((endpoint) => sums.has(endpoint));
    const later = [...group].filter((endpoint) => !kept.has(endpoint));
    const total = (some: string[]) => some.reduce((sum, endpoint) => sum + size(endpoint), 0);
    if (total(later) >= total(summed)) { for (const endpoint of group) kept.delete(endpoint); }
  }
  return { kept, linear: new Set(plan.nodes.filter(isLinear).map(({ name }) => name)) };
}

/** @param isPart whether an input is a partial sum */
function isLinearIn(node: PlannedNode, isPart: (input: string) => boolean): boolean {
  const { op, inputs, attributes } = node,
    type = (name: string) => attributes.find((attribute) => attribute.name === name)?.value;
  if (inputs.some((input) => input.startsWith("^")) || !inputs.some(isPart)) return false;
  if (LINEAR_IN_ALL.has(op)) return inputs.every(isPart);
  if (op === "Mul") return inputs.filter(isPart).length === 1;
  if (op === "Cast") return type("SrcT") === type("DstT");
  return LINEAR_IN_FIRST.has(op) && inputs.every((input, i) => isPart(input) === (i === 0));
}

/** Groups of endpoints that are connected: partial sums and what is computed from them. */
function groupsOf(
  kept: ReadonlySet<string>,
  consumers: ReadonlyMap<string, readonly PlannedNode[]>,
): Set<string>[] {
  const groups = new Map<string, Set<string>>();
  for (const endpoint of kept) {
    for (const { name } of consumers.get(endpoint) ?? []) {
      const [a, b] = [endpoint, `${name}:0`].map((one) => groups.get(one) ?? new Set([one]));
      const both = a!.union(b!); // two of two
      for (const one of both) groups.set(one, both);
    }
  }
  return [...new Set(groups.values())];
}
