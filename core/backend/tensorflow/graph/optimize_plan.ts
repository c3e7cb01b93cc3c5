/**
 * From the planned graph to the one that is computed: the same function, up to the order of sums
 * and the precision.
 */
import type { NamedTensors, Precision } from "../../types.ts";
import { narrowProducts } from "./bfloat16_plan.ts";
import { dropCasts } from "./drop_casts.ts";
import { foldBroadcasts } from "./fold_broadcasts.ts";
import { fuseConvolutions } from "./fused_convolutions.ts";
import type { GraphPlan } from "./graph_plan.ts";
import { lowerJoins } from "./lower_joins.ts";
import { shardPlan, type Share } from "./shard_plan.ts";

/** What a plan is made for. */
export interface PlanOptions {
  /** Of convolutions and matrix products. */
  precision: Precision;
  /** Pieces of a batch; see {@linkcode shardPlan}. */
  shards: number;
  /** Whether the library has fused convolutions in the precision. */
  fuses: boolean;
  /** Set where several processes compute one batch together. */
  share?: Share | undefined;
}

/**
 * @param inputs of the function: the first axis of those that have several is the batch
 * @param ownRows see {@linkcode shardPlan}
 */
export function optimizePlan(
  plan: GraphPlan,
  { precision, shards, fuses, share }: PlanOptions,
  inputs: NamedTensors,
  ownRows: ReadonlySet<string>,
): GraphPlan {
  const folded = foldBroadcasts(dropCasts(plan));
  const fused = fuses ? fuseConvolutions(folded) : folded;
  // after fusing, so that a fused op is cut as one
  const cut = shardPlan(fused, shardsFor(shards, inputs, share?.workers), share, ownRows);
  const narrow = precision === "bfloat16" ? narrowProducts(cut) : cut;
  return share ? lowerJoins(narrow, share.workers) : narrow;
}

/**
 * The wished number of pieces, halved until each worker's part of the batch can be divided by it.
 * @throws RangeError where the workers can't have equal parts
 */
function shardsFor(wished: number, inputs: NamedTensors, workers = 1): number {
  const sizes = Object.values(inputs).filter(({ rank }) => rank > 1).map(({ shape }) => shape[0]!);
  const uneven = sizes.find((size) => size % workers !== 0);
  if (uneven !== undefined) {
    throw new RangeError(
      `Cannot share a batch out: expected one that ${workers} workers can divide equally, ` +
        `received ${uneven} samples. Change --batch or the number of workers`,
    );
  }
  let shards = wished;
  while (shards > 1 && sizes.some((size) => size % (shards * workers) !== 0)) {
    shards = Math.floor(shards / 2);
  }
  return shards;
}
