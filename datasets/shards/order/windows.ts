/**
 * The order within a group of shards: blocks of neighbouring pictures are read at once, which is
 * efficient on disks and servers; the blocks of all the group's shards are mixed; and pictures are
 * shuffled among the blocks of a window, which is held in memory.
 */
import { permutation, seedFor } from "../../../core/random.ts";
import type { ShardSamples } from "../index/shard_index.ts";

/** Neighbouring pictures of a shard that are read at once. */
export interface Block {
  shard: number;
  samples: ShardSamples;
  /** Indices of pictures in the shard. */
  pictures: Uint32Array;
  /** Offset of its first byte in the shard. */
  offset: number;
  /** Bytes from there to the end of its last picture. */
  length: number;
}

/** Blocks among which pictures are shuffled. */
export interface Window {
  /** Position of its first picture in the group. */
  first: number;
  count: number;
  blocks: Block[];
  /** Maps a position to a block and an index in it. */
  at(place: number): { block: number; place: number };
}

/** The pictures of one shard that belong to the split being read. */
export interface GroupShard {
  shard: number;
  samples: ShardSamples;
  members: Uint32Array;
}

/** Largest sizes of a block and of a window in bytes, unless a single picture is larger. */
export interface WindowLimits {
  block: number;
  window: number;
}

/** Reads of 2 MiB are nearly as efficient as longer ones, from disks and over networks. */
export const WINDOW_LIMITS: WindowLimits = { block: 2 ** 21, window: 2 ** 27 };

/**
 * Divides a group into windows.
 * @param shuffle seed, epoch and group; undefined: in the shards' own order
 */
export function windowsOf(
  group: readonly GroupShard[],
  shuffle: { seed: number; epoch: number; group: number } | undefined,
  limits: WindowLimits = WINDOW_LIMITS,
): Window[] {
  const inOrder = group.flatMap((shard) => blocksOf(shard, limits.block));
  const blocks = shuffle
    ? Array.from(
      permutation(inOrder.length, seedFor(shuffle.seed, `blocks:${shuffle.epoch}`, shuffle.group)),
      (i) => inOrder[i]!, // same length
    )
    : inOrder;
  const windows: Window[] = [];
  let some: Block[] = [], bytes = 0, first = 0;
  const cut = () => {
    if (some.length === 0) return;
    const stream = shuffle && `window:${shuffle.epoch}:${shuffle.group}`;
    const seed = shuffle && stream ? seedFor(shuffle.seed, stream, windows.length) : undefined;
    const window = windowOf(some, first, seed);
    windows.push(window);
    first += window.count;
    [some, bytes] = [[], 0];
  };
  for (const block of blocks) {
    if (bytes + block.length > limits.window) cut();
    some.push(block);
    bytes += block.length;
  }
  cut();
  return windows;
}

function blocksOf({ shard, samples, members }: GroupShard, most: number): Block[] {
  const { offsets, sizes } = samples, blocks: Block[] = [];
  const end = (i: number) => offsets[members[i]!]! + sizes[members[i]!]!; // of the shard
  for (let from = 0; from < members.length;) {
    const offset = offsets[members[from]!]!;
    let to = from + 1;
    while (to < members.length && end(to) - offset <= most) to++;
    const pictures = members.subarray(from, to), length = end(to - 1) - offset;
    blocks.push({ shard, samples, pictures, offset, length });
    from = to;
  }
  return blocks;
}

function windowOf(
  blocks: Block[],
  first: number,
  seed: ReturnType<typeof seedFor> | undefined,
): Window {
  const starts = [0];
  for (const { pictures } of blocks) starts.push(starts.at(-1)! + pictures.length);
  const count = starts.at(-1)!, order = seed && permutation(count, seed);
  return {
    first,
    count,
    blocks,
    at(place) {
      const picture = order ? order[place]! : place;
      let low = 0, high = blocks.length - 1; // the last block that begins at or before it
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (starts[middle]! <= picture) low = middle;
        else high = middle - 1;
      }
      return { block: low, place: picture - starts[low]! };
    },
  };
}
