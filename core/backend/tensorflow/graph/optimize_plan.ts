/**
 * From the planned graph to the one that is computed: the same function, up to the order of sums
 * and the precision.
 */
import type { NamedTensors, Precision } from "../../types.ts";
import { narrowProducts } from "./bfloat16_plan.ts";
import { foldBroadcasts } from "./fold_broadcasts.ts";
import { fuseConvolutions } from "./fused_convolutions.ts";
import type { GraphPlan } from "./graph_plan.ts";
import { shardPlan } from "./shard_plan.ts";

/** What a plan is made for. */
export interface PlanOptions {
  /** Of convolutions and matrix products. */
  precision: Precision;
  /** Pieces of a batch; see {@linkcode shardPlan}. */
  shards: number;
  /** Whether the library has fused convolutions in the precision. */
  fuses: boolean;
}

/** @param inputs of the function: the first axis of those that have several is the batch */
export function optimizePlan(
  plan: GraphPlan,
  { precision, shards, fuses }: PlanOptions,
  inputs: NamedTensors,
): GraphPlan {
  const folded = foldBroadcasts(plan);
  const fused = fuses ? fuseConvolutions(folded) : folded;
  // after fusing, so that a fused op is cut as one
  const cut = shardPlan(fused, shardsFor(shards, inputs));
  return precision === "bfloat16" ? narrowProducts(cut) : cut;
}

/** The wished number of pieces, halved until it divides the batch. */
function shardsFor(wished: number, inputs: NamedTensors): number {
  const sizes = Object.values(inputs).filter(({ rank }) => rank > 1).map(({ shape }) => shape[0]!);
  let shards = wished;
  while (shards > 1 && sizes.some((size) => size % shards !== 0)) shards = Math.floor(shards / 2);
  return shards;
}
