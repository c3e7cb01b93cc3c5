import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { expectRunsFolder } from "./expect_runs_folder.ts";

Deno.test("a file where runs should lie, or a folder above them, is told; nothing is made", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    for (const runs of [file, join(file, "runs")]) {
      await assert.rejects(expectRunsFolder(runs), {
        name: "RunError",
        message: /expected a folder to write in, received .*file, which is a file/,
      });
    }
    await expectRunsFolder(join(folder, "a", "b"));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"]);
  }));
