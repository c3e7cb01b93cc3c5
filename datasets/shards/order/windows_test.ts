import assert from "node:assert/strict";
import { Epochs } from "./epochs.ts";
import { type GroupShard, windowsOf } from "./windows.ts";

/** A shard of pictures of `size` bytes, each preceded by a header of 512. */
function shardOf(shard: number, count: number, size = 100): GroupShard {
  const offsets = Float64Array.from({ length: count }, (_, i) => 512 + i * (size + 512));
  const sizes = new Uint32Array(count).fill(size), labels = new Uint32Array(count);
  const members = Uint32Array.from({ length: count }, (_, i) => i);
  return { shard, samples: { offsets, sizes, labels, groups: labels }, members };
}

const limits = { block: 3000, window: 9000 };

/** "shard:picture" for each position of a group. */
function orderOf(group: readonly GroupShard[], seed: number | undefined, epoch = 0): string[] {
  const shuffle = seed === undefined ? undefined : { seed, epoch, group: 0 };
  return windowsOf(group, shuffle, limits).flatMap((window) =>
    Array.from({ length: window.count }, (_, i) => {
      const { block, place } = window.at(i), { shard, pictures } = window.blocks[block]!;
      return `${shard}:${pictures[place]}`;
    })
  );
}

Deno.test("windows hold every picture of a group once, within their bytes", () => {
  const group = [shardOf(0, 20), shardOf(1, 7), shardOf(2, 1, 20_000), shardOf(3, 13)];
  const all = orderOf(group, undefined);
  assert.deepEqual(all.slice(0, 2), ["0:0", "0:1"]);
  assert.equal(all.length, 41);
  const shuffled = orderOf(group, 5);
  assert.deepEqual([...shuffled].sort(), [...all].sort());
  assert.notDeepEqual(shuffled, all);
  for (const { blocks } of windowsOf(group, { seed: 5, epoch: 0, group: 0 }, limits)) {
    const bytes = blocks.reduce((sum, { length }) => sum + length, 0);
    assert.ok(bytes <= limits.window || blocks.length === 1, `${bytes}`);
    for (const { length, pictures } of blocks) {
      assert.ok(length <= limits.block || pictures.length === 1);
    }
  }
});

Deno.test("a group's order is that of its seed and epoch", () => {
  const group = [shardOf(0, 20), shardOf(1, 20)];
  const usual = orderOf(group, 5);
  assert.deepEqual(orderOf(group, 5), usual);
  assert.notDeepEqual(orderOf(group, 6), usual);
  assert.notDeepEqual(orderOf(group, 5, 1), usual);
});

Deno.test("blocks of a part alone leave out what lies between them at their ends", () => {
  const shard = shardOf(0, 10);
  const [window] = windowsOf([{ ...shard, members: Uint32Array.of(2, 3, 7) }], undefined);
  const { offset, length } = window!.blocks[0]!;
  assert.deepEqual([offset, length], [512 + 2 * 612, 5 * 612 + 100]);
});

Deno.test("epochs walk all shards in an order of their own", () => {
  const counts = Array.from({ length: 40 }, (_, i) => i % 4 === 0 ? 0 : 3000);
  const shardsOf = (epochs: Epochs, epoch: number) => {
    const seen: number[] = [];
    for (let at = 0; at < epochs.count;) {
      const { shards, place } = epochs.at(epoch * epochs.count + at);
      assert.equal(place, 0);
      seen.push(...shards);
      at += shards.length * 3000;
    }
    return seen;
  };
  const used = counts.flatMap((count, i) => count > 0 ? [i] : []);
  const all = new Epochs(counts, 3), first = shardsOf(all, 0), second = shardsOf(all, 1);
  const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
  assert.deepEqual(sorted(first), used);
  assert.deepEqual(sorted(second), used);
  assert.notDeepEqual(first, second);
  assert.deepEqual(shardsOf(new Epochs(counts, undefined), 0), used);
});
