import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { acquireRunLock } from "../folder/lock.ts";
import { expectRunFolder, expectRunsFolder } from "./expect_runs_folder.ts";

Deno.test("a file where runs should lie, or a folder above them, is told; nothing is made", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    for (const runs of [file, join(file, "runs")]) {
      await assert.rejects(expectRunsFolder(runs), {
        name: "ConfigError",
        message: /Cannot make a run in .* received a file at .*file\. Choose another by --runs/,
      });
    }
    await expectRunsFolder(join(folder, "a", "b"));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"]);
  }));

Deno.test("a run that can't go on in its folder is told: it is a file, or another process trains", () =>
  withFolder(async (folder) => {
    await expectRunFolder({ folder });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    await assert.rejects(expectRunFolder({ folder: file }), {
      name: "ConfigError",
      message: /Cannot train in .* received a file at .*file\. Make it writable, or copy the run/,
    });
    using _lock = await acquireRunLock(folder);
    await assert.rejects(expectRunFolder({ folder }), { name: "RunLockedError" });
  }));
