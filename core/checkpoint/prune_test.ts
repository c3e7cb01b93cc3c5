import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../testing/with_folder.ts";
import { findCheckpoints } from "./paths.ts";
import { pruneCheckpoints } from "./prune.ts";
import { writeCheckpoint } from "./writer.ts";
import { contents } from "./test_data.ts";

async function kept(run: string): Promise<number[]> {
  return (await findCheckpoints(run)).map((checkpoint) => checkpoint.imagesSeen);
}

Deno.test("pruneCheckpoints() keeps the newest, two at least, and what is pinned", () =>
  withFolder(async (run) => {
    assert.deepEqual(await pruneCheckpoints(run, { keep: 1 }), []);
    for (const images of [8, 16, 24, 32, 40]) await writeCheckpoint(run, contents(images));
    await Deno.mkdir(join(run, "checkpoints/.tmp-000000048-abc"));
    const removed = await pruneCheckpoints(run, { keep: 3, isPinned: (c) => c.imagesSeen === 8 });
    assert.deepEqual(removed.map((c) => c.path), ["checkpoints/000000016"]);
    assert.deepEqual(await kept(run), [8, 24, 32, 40]);
    await pruneCheckpoints(run, { keep: 1 });
    assert.deepEqual(await kept(run), [32, 40]);
    assert.equal([...Deno.readDirSync(join(run, "checkpoints"))].length, 2);
    await assert.rejects(pruneCheckpoints(run, { keep: 0 }), /expected to keep 1 or more/);
  }));

Deno.test("pruneCheckpoints() does not count damaged checkpoints, and leaves them", () =>
  withFolder(async (run) => {
    for (const images of [8, 16, 24, 32]) await writeCheckpoint(run, contents(images));
    await Deno.truncate(join(run, "checkpoints/000000032/manifest.json"), 9);
    const damaged: string[] = [];
    await pruneCheckpoints(run, { keep: 2, onDamaged: (path) => damaged.push(path) });
    assert.deepEqual(await kept(run), [16, 24, 32]);
    assert.deepEqual(damaged, ["checkpoints/000000032"]);
  }));

Deno.test("pruneCheckpoints() calls none damaged that this process can't open just now", () =>
  withFolder(async (run) => {
    for (const images of [8, 16, 24]) await writeCheckpoint(run, contents(images));
    const { open } = Deno;
    Deno.open = () => Promise.reject(new Error("Too many open files (os error 24)"));
    try {
      const pruned = pruneCheckpoints(run, { keep: 2, onDamaged: () => assert.fail() });
      await assert.rejects(pruned, /Too many open files/);
    } finally {
      Deno.open = open;
    }
    assert.deepEqual(await kept(run), [8, 16, 24]);
  }));
