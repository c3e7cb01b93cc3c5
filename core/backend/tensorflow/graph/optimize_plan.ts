/**
 * Rewrites the planned graph into the one that is computed: the same function, except for the order
 * of summation and the precision.
 */
import type { NamedTensors, Precision } from "../../types.ts";
import { narrowProducts } from "./bfloat16_plan.ts";
import { dropCasts } from "./drop_casts.ts";
import { foldBroadcasts } from "./fold_broadcasts.ts";
import { fuseConvolutions } from "./fused_convolutions.ts";
import type { GraphPlan } from "./graph_plan.ts";
import { lowerJoins } from "./lower_joins.ts";
import { shardPlan, type Share } from "./shard_plan.ts";

/** What a plan is optimized for. */
export interface PlanOptions {
  /** The precision of convolutions and matrix products. */
  precision: Precision;
  /** Number of shards of a batch; see {@linkcode shardPlan}. */
  shards: number;
  /** Whether the library has fused convolutions in this precision. */
  fuses: boolean;
  /** Set if several processes compute one batch together. */
  share?: Share | undefined;
}

/**
 * @param inputs the function's inputs: for those with several axes, the first one is the batch
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
  // after fusing, so that a fused op is sharded as one op
  const cut = shardPlan(fused, shardsFor(shards, inputs, share?.workers), share, ownRows);
  const narrow = precision === "bfloat16" ? narrowProducts(cut) : cut;
  return share ? lowerJoins(narrow, share.workers) : narrow;
}

/**
 * The requested number of shards, halved until each worker's part of the batch is divisible by it.
 * @throws RangeError if the workers can't have equal parts
 */
function shardsFor(requested: number, inputs: NamedTensors, workers = 1): number {
  const sizes = Object.values(inputs).filter(({ rank }) => rank > 1).map(({ shape }) => shape[0]!);
  const uneven = sizes.find((size) => size % workers !== 0);
  if (uneven !== undefined) {
    throw new RangeError(
      `Cannot share a batch out: expected one that ${workers} workers can divide equally, ` +
        `received ${uneven} samples. Change --batch or the number of workers`,
    );
  }
  let shards = requested;
  while (shards > 1 && sizes.some((size) => size % (shards * workers) !== 0)) {
    shards = Math.floor(shards / 2);
  }
  return shards;
}
