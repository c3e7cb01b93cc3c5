import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";
import { gradientPng, imagesIn } from "../test_images.ts";
import { greyPng, greyShards, greysOf, shardsIn, tarOf, withShards } from "./test_shards.ts";

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test("each epoch shows each picture of all shards once, in an order of its own", async () => {
  await withFiles(await greyShards(5, 4), (folder) =>
    withShards(shardsIn(folder), async (data) => {
      const { greys } = await greysOf(data, { batches: 10 });
      const [first, second] = [greys.slice(0, 20), greys.slice(20)];
      assert.deepEqual(sorted(first), upTo(20));
      assert.deepEqual(sorted(second), upTo(20));
      assert.notDeepEqual(first, second);
      assert.notDeepEqual(first, upTo(20));
      assert.deepEqual((await greysOf(data, { batches: 10 })).greys, greys, "the same again");
      const other = await greysOf(data, { batches: 5, seed: 8 });
      assert.notDeepEqual(other.greys, first);
      const own = await greysOf(data, { batches: 5, shuffle: false });
      assert.deepEqual(own.greys, upTo(20));
    }));
});

Deno.test("a loader at any cursor goes on as one that never stopped", async () => {
  await withFiles(await greyShards(5, 4), async (folder) => {
    const options = shardsIn(folder, { labels: true });
    const whole = { greys: [] as number[], labels: [] as number[] };
    await withShards(options, async (data) => {
      Object.assign(whole, await greysOf(data, { batches: 10 }));
      const wide = await greysOf(data, { batches: 4, batchSize: 10 });
      assert.deepEqual(wide.greys, whole.greys, "the batch's size does not change the order");
    });
    await withShards(options, async (data) => { // as another process would
      for (const cursor of [3, 17, 20, 29]) {
        const rest = await greysOf(data, { cursor, batches: 2 });
        assert.deepEqual(rest.greys, whole.greys.slice(cursor, cursor + 8), `from ${cursor} on`);
        assert.deepEqual(rest.labels, whole.labels.slice(cursor, cursor + 8));
      }
    });
  });
});

Deno.test("a loader of some rows decodes no others", async () => {
  const files = await greyShards(5, 4);
  files["00.tar"] = tarOf({ "a.png": "no picture", "b.png": "none, either", "c.png": "nor this" });
  await withFiles(files, async (folder) => {
    const told: string[] = [];
    const onSkipped = ({ path }: { path: string }) => void told.push(path);
    await withShards(shardsIn(folder, { labels: true, onSkipped }), async (data) => {
      const order = { shuffle: false, batches: 1, batchSize: 6 };
      const { greys, labels } = await greysOf(data, { ...order, rows: [3, 6] });
      assert.deepEqual(told, []);
      // the other shards contain greys from 4 on; 0 in a batch is grey level 128
      assert.deepEqual(greys, [128, 128, 128, 4, 5, 6]);
      const names = labels.slice(3).map((label) => data.info.labels[label]);
      assert.deepEqual(names, ["1", "2", "0"]);
    });
  });
});

Deno.test("classes of .cls and .json are numbered by their order; .json comes first", async () => {
  const files = {
    "a.tar": tarOf({
      "0.png": await greyPng(0),
      "0.cls": "10\n",
      "1.cls": "9",
      "1.png": await greyPng(1),
      "2.json": '{"label": "bird", "caption": "x"}',
      "2.png": await greyPng(2),
      "2.cls": "9",
      "3.png": await greyPng(3),
    }),
  };
  await withFiles(files, async (folder) => {
    await withShards(shardsIn(folder, { labels: true }), async (data) => {
      assert.deepEqual(data.info.labels, ["(none)", "9", "10", "bird"]);
      const { greys, labels } = await greysOf(data, { batches: 1, shuffle: false });
      assert.deepEqual(greys, [0, 1, 2, 3]);
      const names = labels.map((label) => data.info.labels[label]);
      assert.deepEqual(names, ["10", "9", "bird", "(none)"]);
    });
    const without = await openDataset(shardsIn(folder));
    without.close();
    assert.deepEqual(without.info.labels, []);
  });
});

Deno.test("pixels are those that the resolution cache holds of the same files", async () => {
  const pictures: Record<string, Uint8Array> = {};
  for (let i = 0; i < 4; i++) pictures[`${i}.png`] = await gradientPng(21 + 9 * i, 33, 60 * i);
  const files = Object.fromEntries(
    Object.entries(pictures).map(([name, bytes]) => [`in/${name}`, bytes]),
  );
  await withFiles({ ...files, "shards/a.tar": tarOf(pictures) }, async (folder) => {
    const cacheDir = join(folder, "cache");
    const sets = [
      await openDataset(imagesIn(folder, { maxResolution: 32, fit: "contain" })),
      await openDataset(
        shardsIn(join(folder, "shards"), { cacheDir, maxResolution: 32, fit: "contain" }),
      ),
    ];
    for (const resolution of [4, 16, 32]) {
      const batches = [];
      for (const dataset of sets) {
        const options = {
          resolution,
          batchSize: 4,
          cursor: 0,
          seed: 1,
          shuffle: false,
          flip: true,
        };
        const loader = dataset.open(options);
        batches.push(await loader.next());
        loader.close();
      }
      assert.deepEqual(batches[1], batches[0]);
    }
    for (const dataset of sets) dataset.close();
  });
});

Deno.test("a picture that can't be read is named and the next of its window is taken", async () => {
  const members: Record<string, Uint8Array | string> = {};
  for (let i = 0; i < 8; i++) members[`${i}.png`] = await greyPng(i);
  members["3.png"] = (await greyPng(3)).slice(0, 40);
  members["5.png"] = "no picture";
  await withFiles({ "a.tar": tarOf(members) }, async (folder) => {
    const skipped: { path: string; reason: string }[] = [];
    const options = shardsIn(folder, { onSkipped: (file) => skipped.push(file) });
    let whole: number[] = [];
    await withShards(options, async (data) => {
      const own = await greysOf(data, { batches: 2, shuffle: false });
      assert.deepEqual(own.greys, [0, 1, 2, 4, 4, 6, 6, 7]);
      whole = (await greysOf(data, { batches: 4 })).greys;
    });
    assert.deepEqual(skipped.map(({ path }) => path.replace(/\d+$/, "N")), [
      "a.tar at byte N",
      "a.tar at byte N",
    ]);
    assert.match(skipped[0]!.reason, /^damaged: it is cut short/);
    assert.match(skipped[1]!.reason, /not an image/);
    await withShards(options, async (data) => {
      const rest = await greysOf(data, { batches: 2, cursor: 8 });
      assert.deepEqual(rest.greys, whole.slice(8), "goes on exactly past damage");
    });
  });
});

Deno.test("shards of damaged pictures alone are refused where they are drawn", async () => {
  const files = { "a.tar": tarOf({ "0.png": "x", "1.png": "y", "2.png": "z", "3.png": "w" }) };
  await withFiles(files, async (folder) => {
    await assert.rejects(
      withShards(shardsIn(folder), async (data) => {
        await greysOf(data, { batches: 1 });
      }),
      /expected pictures, received none that can be read among 4 of a\.tar.*not an image/,
    );
  });
});

Deno.test("whole shards are held out, few shards by pictures, named parts as named", async () => {
  await withFiles(
    await greyShards(5, 4),
    (folder) =>
      withShards(shardsIn(folder, { heldOut: 0.2 }), async (data) => {
        assert.match(data.info.notes![0]!, /^whole shards are held out: \d\d\.tar$/);
        const train = await greysOf(data, { batches: 4 });
        const held = await greysOf(data, { batches: 1, split: "held-out", shuffle: false });
        assert.deepEqual(sorted([...train.greys, ...held.greys]), upTo(20));
        assert.equal(held.greys[0]! % 4, 0);
        assert.deepEqual(held.greys, upTo(4).map((i) => held.greys[0]! + i), "one shard");
      }),
  );
  await withFiles(
    await greyShards(2, 30),
    (folder) =>
      withShards(shardsIn(folder, { heldOut: 0.2 }), async (data) => {
        const { count, heldOutCount } = data.info;
        assert.equal(count + heldOutCount, 60);
        assert.ok(heldOutCount > 3 && heldOutCount < 25, `${heldOutCount}`);
        const train = await greysOf(data, { batches: 1, batchSize: count });
        const held = await greysOf(data, {
          batches: 1,
          batchSize: heldOutCount,
          split: "held-out",
        });
        assert.deepEqual(sorted([...train.greys, ...held.greys]), upTo(60));
      }),
  );
  const { "00.tar": a, "01.tar": b } = await greyShards(2, 4);
  await withFiles(
    { "train-0.tar": a!, "val-0.tar": b! },
    (folder) =>
      withShards(shardsIn(folder), async (data) => {
        assert.match(data.info.notes![0]!, /are the split.* --held-out is not used$/);
        const held = await greysOf(data, { batches: 1, split: "held-out" });
        assert.deepEqual(sorted(held.greys), [4, 5, 6, 7]);
      }),
  );
});

Deno.test("a data set's digest tells other labels, members and shares from its own", async () => {
  const digestOf = async (members: Record<string, Uint8Array | string>, heldOut = 0) => {
    let digest = "";
    await withFiles({ "a.tar": tarOf(members) }, async (folder) => {
      const dataset = await openDataset(shardsIn(folder, { labels: true, heldOut }));
      dataset.close();
      digest = dataset.info.digest;
    });
    return digest;
  };
  const png = await greyPng(1), usual = await digestOf({ "0.png": png, "0.cls": "1" });
  assert.equal(await digestOf({ "0.png": png, "0.cls": "1" }), usual, "in another folder");
  assert.notEqual(await digestOf({ "0.png": png, "0.cls": "2" }), usual);
  assert.notEqual(await digestOf({ "1.png": png, "1.cls": "1" }), usual);
  assert.notEqual(await digestOf({ "0.png": png, "0.cls": "1" }, 0.1), usual);
});

Deno.test("crops of whole pictures are refused of shards, with what to do", async () => {
  await withFiles({ "a.tar": tarOf({ "0.png": await greyPng(0) }) }, async (folder) => {
    const opening = openDataset(shardsIn(folder, { crops: true }));
    await assert.rejects(opening, /whole pictures to crop, received shards\. Unpack them/);
  });
});
