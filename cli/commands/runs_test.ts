import assert from "node:assert/strict";
import { join } from "node:path";
import { createRunFolder } from "../../core/run/mod.ts";
import { writeOddRuns } from "../../core/run/test_runs.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { inProcess } from "../../tests/faults/tiny_run.ts";

Deno.test("runs delete and show refuse a number that two runs have, and delete neither", () =>
  withFolder(async (runs) => {
    const { id } = await createRunFolder(runs, { plugin: "stylegan", data: "d" });
    await Deno.mkdir(join(runs, "00000-stylegan-cats")); // the run of another machine
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

Deno.test("runs delete refuses a folder that is only named like a run, and leaves it as it was", () =>
  withFolder(async (root) => {
    const photos = join(root, "20240101-holiday-photos"), runs = join(root, "runs");
    await Deno.mkdir(photos);
    await Deno.writeTextFile(join(photos, "a.png"), "a picture");
    const { code, err } = await inProcess(["runs", "delete", photos, "--yes", "--runs", runs]);
    assert.equal(code, 2, err);
    assert.match(
      err,
      /Cannot delete 20240101-holiday-photos: expected a run's folder, received one/,
    );
    const left = await Array.fromAsync(Deno.readDir(photos), ({ name }) => name);
    assert.deepEqual(left, ["a.png"]);
  }));

Deno.test("runs delete takes a link away, and says where the checkpoints stay", () =>
  withFolder(async (root) => {
    const runs = join(root, "runs"), elsewhere = join(await Deno.realPath(root), "big");
    await Deno.mkdir(elsewhere);
    const ids: string[] = [];
    for (const data of ["d", "e"]) {
      const { id, folder } = await createRunFolder(runs, { plugin: "stylegan", data });
      await Deno.rename(folder, join(elsewhere, id));
      await Deno.symlink(join(elsewhere, id), folder);
      ids.push(id);
    }
    const [first, second] = ids as [string, string]; // two were created
    const told = await inProcess(["runs", "delete", "0", "--yes", "--runs", runs]);
    assert.equal(told.code, 0, told.err);
    assert.equal(
      told.out,
      `Deleted ${first}, a link; its checkpoints stay in ${elsewhere}/${first}\n`,
    );
    const json = await inProcess(["runs", "delete", "1", "--yes", "--json", "--runs", runs]);
    assert.deepEqual(JSON.parse(json.out), { deleted: [second], left: [join(elsewhere, second)] });
    for (const id of ids) {
      assert.ok((await Deno.stat(join(elsewhere, id, "checkpoints"))).isDirectory);
      await assert.rejects(Deno.lstat(join(runs, id)), Deno.errors.NotFound);
    }
  }));

Deno.test("runs lists the others beside runs that someone has spoilt, and says why", () =>
  withFolder(async (runs) => {
    const reasons = await writeOddRuns(runs);
    const { code, out, err } = await inProcess(["runs", "--runs", runs]);
    assert.equal(code, 0, err);
    for (const [id, reason] of reasons) {
      assert.match(out, new RegExp(`^${id}\\t${reason ? "unreadable" : "stopped"}`, "m"));
      if (!reason) continue;
      const line = err.split("\n").find((line) =>
        line.startsWith(`warning: ${id} is unreadable: `)
      );
      assert.match(line ?? "", reason);
    }
  }));
