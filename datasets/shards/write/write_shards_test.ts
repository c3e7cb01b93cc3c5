import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../../core/testing/with_folder.ts";
import { greyPng, greysOf, shardsIn, withShards } from "../test_shards.ts";
import { writeShards } from "./write_shards.ts";

Deno.test("a folder becomes shards with its classes, the same bytes each time, and trains", async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 12; i++) files[`in/${i % 2 ? "odd" : "even"}/${i}.png`] = await greyPng(i);
  await withFiles(files, async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")], source = join(folder, "in");
    const written = await writeShards({ source, folder: a, shardBytes: 16_000 });
    assert.deepEqual([written.pictures, written.classes, written.skipped], [12, 2, []]);
    assert.deepEqual(written.shards, ["00000.tar", "00001.tar", "00002.tar"]);
    await writeShards({ source, folder: b, shardBytes: 16_000 });
    for (const name of written.shards) {
      for (const file of [name, `${name}.idx`]) {
        assert.deepEqual(await Deno.readFile(join(a, file)), await Deno.readFile(join(b, file)));
      }
    }
    const options = shardsIn(a, { labels: true, cacheDir: join(folder, "cache") });
    await withShards(options, async (data) => {
      assert.deepEqual(data.info.labels, ["even", "odd"]);
      const { greys, labels } = await greysOf(data, { batches: 3 });
      assert.deepEqual(labels, greys.map((grey) => grey % 2));
      assert.deepEqual(greys.sort((x, y) => x - y), Array.from({ length: 12 }, (_, i) => i));
    });
    await assert.rejects(writeShards({ source, folder: a }), /expected a folder without any/);
  });
});

Deno.test("parts of a source become shards that are the split", async () => {
  const png = await greyPng(1);
  const files = { "in/train/0.png": png, "in/train/1.png": png, "in/test/2.png": await greyPng(2) };
  await withFiles(files, async (folder) => {
    const out = join(folder, "out");
    const { shards } = await writeShards({ source: join(folder, "in"), folder: out });
    assert.deepEqual(shards, ["train-00000.tar", "test-00000.tar"]);
    await withShards(shardsIn(out), async (data) => {
      assert.deepEqual([data.info.count, data.info.heldOutCount], [2, 1]);
      const held = await greysOf(data, { batches: 1, batchSize: 1, split: "held-out" });
      assert.deepEqual(held.greys, [2]);
    });
  });
});

Deno.test("a full disk is told with the folder, and no half of a shard is left", async () => {
  await withFiles({ "in/0.png": await greyPng(1) }, async (folder) => {
    const out = join(folder, "out"), { write } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.write = () => Promise.reject(new Error("No space left on device"));
    try {
      await assert.rejects(
        writeShards({ source: join(folder, "in"), folder: out }),
        (error: Error) => {
          assert.ok(error.message.startsWith(`Cannot write shards to ${out}: expected a folder`));
          assert.match(error.message, /room, received No space left on device\. The shards there/);
          return true;
        },
      );
    } finally {
      Deno.FsFile.prototype.write = write;
    }
    assert.deepEqual([...Deno.readDirSync(out)], []);

    await Deno.mkdir(join(out, "00000.tar.idx", "own"), { recursive: true }); // in an index's place
    await assert.rejects(
      writeShards({ source: join(folder, "in"), folder: out }),
      /are incomplete/,
    );
    assert.deepEqual([...Deno.readDirSync(out)].map(({ name }) => name), ["00000.tar.idx"]);
  });
});

Deno.test("a folder that shards can't be written to is told before the source is read", async () => {
  await withFiles({ file: new Uint8Array(1) }, async (folder) => {
    const inFile = join(folder, "file", "out");
    await assert.rejects(writeShards({ source: join(folder, "none"), folder: inFile }), {
      name: "ConfigError",
      message:
        /Cannot write .*out: expected a folder .*, received a file at .*file\. Name another$/,
    });
  });
});
