import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../../core/testing/with_folder.ts";
import { openDataset } from "../../open_dataset.ts";
import { gradientPng, imagesIn } from "../../test_images.ts";
import { shardDataset } from "../shard_dataset.ts";
import { openShardSet } from "../shard_set.ts";
import { countReads, greyShards, greysOf, shardsIn, tarOf, withShards } from "../test_shards.ts";
import { DecodedShard, sizeOf } from "./decoded_shard.ts";
import { DECODED, makeRoom } from "./make_room.ts";

/** GiB that are enough for all that a test decodes. */
const ROOM = 0.001;

/** Five shards of four grey pictures, drawn by five batches of four. */
const EPOCH = { batches: 5, batchSize: 4 };

/** Opens a test's shards with the cache, and collects messages. */
function cached(folder: string, shardCache = ROOM) {
  const warnings: string[] = [];
  const options = shardsIn(folder, { shardCache, onWarning: (text) => void warnings.push(text) });
  return { options, warnings };
}

const decodedFolder = (folder: string) => join(folder, "cache", "shards", "decoded");

async function decodedFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(decodedFolder(folder))) {
    if (name.endsWith(DECODED)) names.push(name);
  }
  return names.sort();
}

/**
 * Overwrites all pictures of the folder's shards while keeping sizes and times, so that none can be
 * decoded.
 */
async function spoilPictures(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const path = join(folder, name), { mtime } = await Deno.stat(path);
    const bytes = await Deno.readFile(path), text = new TextDecoder("latin1").decode(bytes);
    for (const { index } of text.matchAll(/PNG\r\n/g)) bytes.fill(0x2a, index - 1, index + 60);
    await Deno.writeFile(path, bytes);
    await Deno.utime(path, mtime!, mtime!);
  }
}

Deno.test("what was decoded once is read by a second epoch, and by another process", async () => {
  await withFiles(await greyShards(5, 4), async (folder) => {
    const { options, warnings } = cached(folder);
    let plain: number[] = [];
    await withShards(shardsIn(folder), async (data) => {
      plain = (await greysOf(data, { ...EPOCH, batches: 10 })).greys;
    });
    await withShards(options, async (data) => {
      assert.deepEqual((await greysOf(data, EPOCH)).greys, plain.slice(0, 20));
    });
    assert.equal((await decodedFiles(folder)).length, 5);
    await spoilPictures(folder);
    await withShards(options, async (data) => {
      assert.deepEqual((await greysOf(data, { ...EPOCH, batches: 10 })).greys, plain);
    });
    assert.deepEqual(warnings, []);
    await assert.rejects(
      withShards(shardsIn(folder), async (data) => void await greysOf(data, EPOCH)),
      /received none that can be read/,
      "without the cache",
    );
  });
});

Deno.test("where all is decoded no byte of many shards is read, nor ahead", async () => {
  await withFiles(await greyShards(70, 1), async (folder) => {
    const place = { folder: decodedFolder(folder), budget: 2 ** 20, onWarning: assert.fail };
    const epoch = async (wait = 0) => {
      const opened = await openShardSet(`shards:${folder}`, join(folder, "cache"));
      const { set, bytesRead } = countReads(opened);
      const { dataset } = await shardDataset(set, {
        ...{ fit: "cover", background: "#ffffff", channels: 3, decoded: place },
        ...{ resolutions: [4], heldOut: 0, labels: false },
        limits: { block: 100, window: 1000 }, // some ten pictures
      });
      const { greys } = await greysOf(dataset, { batches: 7, batchSize: 10 });
      await new Promise((done) => setTimeout(done, wait));
      dataset.close();
      return { greys, read: bytesRead() };
    };
    const first = await epoch();
    assert.ok(first.read > 0);
    let last = await epoch(); // those that were drawn ahead are of the next epoch
    // The last draws may be closed before they are written, and are then decoded once more; on a
    // busy machine, give them time.
    for (let i = 1; i <= 20 && last.read > 0; i++) last = await epoch(10 * i);
    assert.deepEqual(last, { greys: first.greys, read: 0 });
  });
});

Deno.test("workers that draw their own rows fill one another's files", async () => {
  await withFiles(await greyShards(5, 4), async (folder) => {
    const { options } = cached(folder), epochs = { ...EPOCH, batches: 10 };
    let whole: number[] = [];
    await withShards(shardsIn(folder), async (data) => {
      whole = (await greysOf(data, epochs)).greys;
    });
    const [one, other] = [await openDataset(options), await openDataset(options)];
    try {
      await Promise.all([
        greysOf(one, { ...EPOCH, rows: [0, 2] }),
        greysOf(other, { ...EPOCH, rows: [2, 4] }),
      ]);
      await spoilPictures(folder);
      const second = await greysOf(one, { ...EPOCH, cursor: 20, rows: [0, 2] });
      const own = (greys: number[]) => greys.filter((_, i) => i % 4 < 2);
      assert.deepEqual(own(second.greys), own(whole.slice(20)));
    } finally {
      one.close();
      other.close();
    }
  });
});

Deno.test("bits of batches are those of decoding, whatever the cache holds", async () => {
  const members: Record<string, Uint8Array | string> = { "5.png": "no picture" };
  for (let i = 0; i < 8; i++) {
    members[`${i}.png`] ??= await gradientPng(9 + 4 * i, 20, 31 * i);
    members[`${i}.cls`] = String(i % 2);
  }
  await withFiles({ "a.tar": tarOf(members) }, async (folder) => {
    const skipped: string[] = [];
    const how = {
      ...{ fit: "contain" as const, maxResolution: 16, labels: true, shardCache: ROOM },
      onSkipped: ({ path }: { path: string }) => void skipped.push(path),
    };
    const batches = async (more: Partial<typeof how> & { background?: string }) => {
      const made: unknown[] = [];
      await withShards(shardsIn(folder, { ...how, ...more }), async (data) => {
        for (const resolution of [8, 16, 8]) {
          const asked = { resolution, batchSize: 3, cursor: 1, seed: 5, flip: true };
          const loader = data.open(asked);
          for (let i = 0; i < 7; i++) made.push(await loader.next());
          loader.close();
        }
      });
      return made;
    };
    const plain = await batches({ shardCache: 0 }), asked = skipped.splice(0);
    assert.equal(asked.length, 1);
    for (let pass = 0; pass < 2; pass++) {
      assert.deepEqual(await batches({}), plain);
      assert.deepEqual(skipped.splice(0), asked, "damage is named with the cache, too");
    }
    const black = await batches({ background: "#000000" });
    assert.deepEqual(black, await batches({ background: "#000000", shardCache: 0 }));
    assert.notDeepEqual(black, plain);
  });
});

Deno.test("a changed byte, a cut file and a foreign one are told once and decoded anew", async () => {
  await withFiles(await greyShards(5, 4), async (folder) => {
    const first = cached(folder);
    let greys: number[] = [];
    await withShards(first.options, async (data) => {
      greys = (await greysOf(data, EPOCH)).greys;
    });
    const [changed, cut, foreign] = (await decodedFiles(folder)).map((name) =>
      join(decodedFolder(folder), name)
    );
    const bytes = await Deno.readFile(changed!);
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(changed!, bytes);
    await Deno.truncate(cut!, 1000);
    await Deno.writeFile(foreign!, new Uint8Array((await Deno.stat(foreign!)).size));
    const second = cached(folder), third = cached(folder);
    await withShards(second.options, async (data) => {
      assert.deepEqual((await greysOf(data, EPOCH)).greys, greys);
    });
    assert.equal(second.warnings.length, 1);
    assert.match(second.warnings[0]!, /are damaged: they are decoded again/);
    await spoilPictures(folder);
    await withShards(third.options, async (data) => {
      assert.deepEqual((await greysOf(data, EPOCH)).greys, greys, "all were mended");
    });
    assert.deepEqual(third.warnings, []);
  });
});

Deno.test("a row whose checksum was never written is not there", async () => {
  await withFiles({}, async (folder) => {
    const path = join(folder, `a${DECODED}`), format = { key: "k", count: 3, rowBytes: 4 };
    await DecodedShard.create(path, format);
    const file = await Deno.open(path, { write: true }); // killed between the two writes
    await file.seek(sizeOf(format) - 4, Deno.SeekMode.Start);
    await file.write(Uint8Array.of(1, 2, 3, 4));
    file.close();
    const opened = (await DecodedShard.open(path, format))!;
    assert.equal(await opened.read(2), undefined);
    await opened.write(1, Uint8Array.of(9, 9, 9, 9));
    assert.deepEqual([0, 1, 2].map((i) => opened.has(i)), [false, true, false]);
    opened.close();
    await assert.rejects(DecodedShard.open(path, { ...format, key: "l" }), /something else/);
  });
});

Deno.test("what does not fit stays undecoded on disk, and that is told", async () => {
  await withFiles(await greyShards(5, 4), async (folder) => {
    const one = sizeOf({ key: "", count: 4, rowBytes: 4 * 4 * 3 }) / 2 ** 30;
    const { options, warnings } = cached(folder, 2.5 * one);
    let plain: number[] = [];
    await withShards(shardsIn(folder), async (data) => {
      plain = (await greysOf(data, EPOCH)).greys;
    });
    await withShards(options, async (data) => {
      assert.deepEqual((await greysOf(data, EPOCH)).greys, plain);
      assert.deepEqual((await greysOf(data, EPOCH)).greys, plain);
    });
    assert.equal((await decodedFiles(folder)).length, 2);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /take .* GiB at 4 px, more than the .* of --shard-cache/);
    await withShards(cached(folder, 1.5 * one).options, async (data) => {
      await greysOf(data, EPOCH);
    });
    assert.equal((await decodedFiles(folder)).length, 1, "a smaller budget is kept to");
  });
});

Deno.test("room is made by files that were not used for longest, own ones last", async () => {
  const files = Object.fromEntries(
    ["old", "new", "own", "other"].map((name) => [name + DECODED, new Uint8Array(100)]),
  );
  await withFiles({ ...files, ".tmp-1": new Uint8Array(9) }, async (folder) => {
    for (const [i, name] of ["own", "old", "new"].entries()) {
      await Deno.utime(join(folder, name + DECODED), 1000 + i, 1000 + i);
    }
    const place = (budget: number) => ({ folder, budget, own: new Set([`own${DECODED}`]) });
    const left = async () => {
      const names: string[] = [];
      for await (const { name } of Deno.readDir(folder)) names.push(name.split(".")[0]!);
      return names.sort();
    };
    assert.equal(await makeRoom(350, place(449)), false);
    assert.deepEqual(await left(), ["new", "other", "own", "old"].sort(), "nothing goes in vain");
    assert.equal(await makeRoom(100, place(450)), true);
    assert.deepEqual(await left(), ["new", "other", "own"]);
    assert.equal(await makeRoom(100, place(200)), true);
    assert.deepEqual(await left(), ["own"]);
    assert.equal(await makeRoom(0, place(99)), true);
    assert.deepEqual(await left(), []);
  });
});

Deno.test("--shard-cache is refused where there are no shards", async () => {
  await withFiles({ "in/a.png": await gradientPng(8) }, async (folder) => {
    await assert.rejects(
      openDataset(imagesIn(folder, { shardCache: 1 })),
      /Cannot use --shard-cache 1: expected shards, received .*Leave it out/,
    );
  });
});
