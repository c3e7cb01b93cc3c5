import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../../core/testing/with_folder.ts";
import { noisePng } from "../../test_images.ts";
import { shardDataset } from "../shard_dataset.ts";
import { openShardSet } from "../shard_set.ts";
import { countReads, tarOf } from "../test_shards.ts";
import { readsAlone } from "./read_alone.ts";

/**
 * For blocks of 2 MiB with pictures of `kib` KiB, of which one of several workers draws its share.
 */
const alone = (address: string, kib: number, workers: number) =>
  readsAlone({ address, length: 2 ** 21, count: 2048 / kib, share: 1 / workers });

Deno.test("a worker reads its own pictures alone where that costs less than the block", () => {
  assert.equal(alone("/a.tar", 32, 1), false, "all are its own");
  assert.equal(alone("/a.tar", 32, 2), true, "half of the bytes in 32 requests");
  assert.equal(alone("/a.tar", 1, 2), false, "thumbnails: 1024 requests");
  assert.equal(alone("https://example.org/a.tar", 32, 2), false, "32 round trips");
  assert.equal(alone("https://example.org/a.tar", 32, 16), true, "4 round trips");
});

Deno.test("of large pictures two workers read their own alone, in the order of one", async () => {
  const shards: Record<string, Uint8Array> = {}, sizes: number[] = [];
  for (let shard = 0; shard < 3; shard++) {
    const members: Record<string, Uint8Array> = {};
    for (let i = 0; i < 4; i++) {
      const png = await noisePng(128, 4 * shard + i);
      members[`${shard}-${i}.png`] = png;
      sizes.push(png.length);
    }
    shards[`${shard}.tar`] = tarOf(members);
  }
  await withFiles(shards, async (folder) => {
    const epoch = async (rows: [number, number]) => {
      const opened = await openShardSet(`shards:${folder}`, join(folder, "cache"));
      const { set, bytesRead } = countReads(opened);
      const { dataset } = await shardDataset(set, {
        ...{ fit: "cover", background: "#ffffff", channels: 3 },
        ...{ resolutions: [4, 8], heldOut: 0, labels: false },
      });
      const loader = dataset.open({ resolution: 8, batchSize: 4, cursor: 0, seed: 3, rows });
      const batches: number[][] = [];
      for (let i = 0; i < 3; i++) {
        const { images } = await loader.next(), size = 8 * 8 * 3;
        batches.push(Array.from(images!.data.slice(rows[0] * size, rows[1] * size)));
      }
      loader.close();
      dataset.close();
      return { batches, read: bytesRead() };
    };
    const whole = await epoch([0, 4]), size = 8 * 8 * 3;
    const [one, other] = [await epoch([0, 2]), await epoch([2, 4])];
    const both = one.batches.map((rows, i) => [...rows, ...other.batches[i]!]);
    assert.equal(both[0]!.length, 4 * size);
    assert.deepEqual(both, whole.batches);
    for (const { read } of [one, other]) {
      // batches are prefetched from the next epoch: at most four of them, of two rows
      assert.ok(read >= 6 * Math.min(...sizes), `${read}`);
      assert.ok(read <= 14 * Math.max(...sizes), `${read}`);
    }
  });
});
