import assert from "node:assert/strict";
import { join } from "node:path";
import { createRunFolder } from "../../core/run/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { inProcess } from "../../tests/faults/tiny_run.ts";

Deno.test("runs delete and show refuse a number that two runs have, and delete neither", () =>
  withFolder(async (runs) => {
    const { id } = await createRunFolder(runs, { plugin: "stylegan", data: "d" });
    await Deno.mkdir(join(runs, "00000-stylegan-cats")); // of another machine
    for (const command of [["delete", "0", "--yes"], ["show", "0"]]) {
      const { code, err } = await inProcess(["runs", ...command, "--runs", runs]);
      assert.equal(code, 2, err);
      assert.match(err, /expected one of this number, received 00000-stylegan-cats, 00000-styl/);
    }
    const deleted = await inProcess([
      "runs",
      "delete",
      "00000-stylegan-cats",
      "--yes",
      "--runs",
      runs,
    ]);
    assert.equal(deleted.code, 0, deleted.err);
    const left = await Array.fromAsync(Deno.readDir(runs), ({ name }) => name);
    assert.deepEqual(left.filter((name) => name.includes("-")), [id]);
  }));
