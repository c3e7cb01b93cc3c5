import assert from "node:assert/strict";
import { join } from "node:path";
import { acquireRunLock, lockHolder } from "./run/folder/lock.ts";
import { LineFile } from "./run/folder/line_file.ts";
import { createRunFolder } from "./run/folder/run_folder.ts";
import { StatsFile } from "./run/folder/stats_file.ts";
import { openPlain } from "./open_plain.ts";
import { withFolder } from "./testing/with_folder.ts";

const LINK = /expected a plain file, received a symbolic link/;
const KEPT = "not yours\nno line break";

Deno.test("openPlain() makes a file, opens it again without a change, and tells of none", () =>
  withFolder(async (folder) => {
    const path = join(folder, "file");
    await assert.rejects(openPlain(path), Deno.errors.NotFound);
    (await openPlain(path, { write: true, create: true })).close();
    await Deno.writeTextFile(path, KEPT);
    (await openPlain(path, { write: true, create: true })).close();
    assert.equal(await Deno.readTextFile(path), KEPT);
    await assert.rejects(openPlain(folder), /received a folder/);
  }));

Deno.test(
  "what links in a run folder point to is not truncated, made or locked: lock, log, " +
    "curves, numbers",
  () =>
    withFolder(async (folder) => {
      const victim = join(folder, "victim"), run = join(folder, "run"), runs = join(folder, "runs");
      await Deno.mkdir(run);
      await Deno.mkdir(runs);
      await Deno.writeTextFile(victim, KEPT);
      for (const target of [victim, join(folder, "nothing")]) {
        for (const name of [".lock", "log.txt", "stats.jsonl"]) {
          await Deno.symlink(target, join(run, name));
        }
        await Deno.symlink(target, join(runs, ".numbers"));
        await assert.rejects(acquireRunLock(run), LINK); // `runs delete` takes it as well
        await assert.rejects(lockHolder(run), LINK);
        await assert.rejects(LineFile.open(join(run, "log.txt")), LINK);
        await assert.rejects(StatsFile.open(run), LINK);
        await assert.rejects(StatsFile.open(run, 5), LINK);
        await assert.rejects(createRunFolder(runs, { plugin: "p", data: "d" }), LINK);
        for (const name of [".lock", "log.txt", "stats.jsonl"]) await Deno.remove(join(run, name));
        await Deno.remove(join(runs, ".numbers"));
      }
      assert.equal(await Deno.readTextFile(victim), KEPT);
      await assert.rejects(Deno.lstat(join(folder, "nothing")), Deno.errors.NotFound);
    }),
);
