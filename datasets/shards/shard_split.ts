/** Splits the pictures of shards into training and held-out ones. */
import { seedFor } from "../../core/random.ts";
import { partOfName } from "../sources/label_files.ts";
import type { ShardSamples } from "./index/shard_index.ts";
import type { ShardSet } from "./shard_set.ts";

/** The two splits of a set of shards. */
export interface ShardSplit {
  /** How pictures are held out, for people. */
  note: string;
  /** Number of pictures of each shard. */
  train: number[];
  heldOut: number[];
  /** Indices of a shard's pictures that belong to a split, ascending. */
  members(samples: ShardSamples, shard: number, isHeldOut: boolean): Uint32Array;
}

const NAMES_SPLIT = "the names of the shards are the split: what is not for training is held " +
  "out, and --held-out is not used";

/**
 * If the shards' names say which are for training (`train-0000.tar`, `val-0000.tar`), they define
 * the split. Otherwise whole shards are held out, in the order of a hash of their names; if there
 * are too few shards for that, pictures are held out by a hash of their names, whole groups at a
 * time.
 * @param fraction 0 … 0.9; ignored if names define the split
 */
export async function splitShards(set: ShardSet, fraction: number): Promise<ShardSplit> {
  const { shards } = set, counts = shards.map(({ summary }) => summary.count);
  const parts = shards.map(({ name }) => partOfName(/^[^\d._-]+/.exec(name)?.[0] ?? ""));
  if (parts.includes("train") && parts.includes("held-out")) {
    const isOut = parts.map((part) => part === "held-out");
    return byShard(counts, isOut, NAMES_SPLIT);
  }
  if (fraction > 0 && shards.length * fraction < 1) return await byPicture(set, fraction);
  const order = shards.map(({ name }, i) => ({ i, key: seedFor(0, `held-out:${name}`) }))
    .sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
  const most = Math.min(Math.floor(shards.length * fraction), shards.length - 1);
  const out = new Set(order.slice(0, most).map(({ i }) => i));
  const names = shards.filter((_, i) => out.has(i)).map(({ name }) => name);
  const listed = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
  const isOut = shards.map((_, i) => out.has(i));
  return byShard(counts, isOut, fraction > 0 ? `whole shards are held out: ${listed}` : "");
}

function byShard(counts: readonly number[], isOut: readonly boolean[], note: string): ShardSplit {
  return {
    note,
    train: counts.map((count, i) => isOut[i] ? 0 : count),
    heldOut: counts.map((count, i) => isOut[i] ? count : 0),
    members: ({ sizes }, shard, isHeldOut) =>
      Uint32Array.from({ length: isOut[shard] === isHeldOut ? sizes.length : 0 }, (_, i) => i),
  };
}

async function byPicture(set: ShardSet, fraction: number): Promise<ShardSplit> {
  const limit = fraction * 2 ** 32;
  const members: ShardSplit["members"] = ({ groups }, _, isHeldOut) => {
    const all = Uint32Array.from(groups.keys());
    return all.filter((i) => (groups[i]! < limit) === isHeldOut); // valid indices
  };
  const train: number[] = [], heldOut: number[] = [];
  for (const [i, { summary }] of set.shards.entries()) {
    const out = members(await set.samples(i), i, true).length;
    train.push(summary.count - out);
    heldOut.push(out);
  }
  return { note: "pictures are held out by a hash of their names", train, heldOut, members };
}
