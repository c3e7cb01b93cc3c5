import assert from "node:assert/strict";
import { join } from "node:path";
import { acquireRunLock, createRunFolder } from "../../core/run/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test("runs lists, shows and deletes what the command line trained", (t) =>
  withFolder(async (folder) => {
    const id = "00000-stylegan-discs", runs = join(folder, "runs");
    const list = async () => JSON.parse(await expectCli(["runs", "--json"], folder));
    await trainTiny(folder);
    const empty = await createRunFolder(runs, { plugin: "stylegan", data: "empty" });

    await t.step("the list has status, phase, images and digest", async () => {
      const [run, second] = await list();
      const { status, resolution, phase, imagesSeen, imagesTotal, checkpoints } = run;
      assert.deepEqual(
        { id: run.id, status, resolution, phase, imagesSeen, imagesTotal, checkpoints },
        {
          id,
          status: "finished",
          resolution: 8,
          phase: "fade",
          imagesSeen: 16,
          imagesTotal: 16,
          checkpoints: [8, 16],
        },
      );
      const manifest = JSON.parse(
        await Deno.readTextFile(join(runs, id, "checkpoints", "000000016", "manifest.json")),
      );
      assert.equal(run.digest, manifest.digest);
      assert.equal(second.status, "unreadable"); // no config.json yet
      const table = (await expectCli(["runs"], folder)).split("\n");
      assert.deepEqual(table[0]!.split("\t"), [
        "run",
        "status",
        "phase",
        "images",
        "rate",
        "digest",
      ]);
      assert.equal(table[1]!.split("\t")[0], id);
    });

    await t.step("one run is shown with its options and log", async () => {
      const shown = await expectCli(["runs", "show", "0"], folder);
      assert.match(shown, /^Digest +[0-9a-f]{64}$/m);
      assert.match(shown, /latentSize 8/);
      assert.match(shown, /Finished/);
      assert.match(shown, /^Checkpoints +8, 16$/m);
      const named = await expectCli(["runs", "show", "discs"], folder); // the word part of its name
      assert.equal(named, shown);
    });

    await t.step("of several runs with one name none is deleted by it", async () => {
      const again = await createRunFolder(runs, { plugin: "sketch", data: "discs" });
      const { code, stderr } = await runCli(["runs", "delete", "discs", "--yes"], folder);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`expected one run of this name, received ${id}, ${again.id}`),
      );
      await Deno.remove(again.folder, { recursive: true });
    });

    await t.step("a checkpoint that is cut short is marked", async () => {
      const checkpoint = join(runs, id, "checkpoints", "000000008");
      const names = await Array.fromAsync(Deno.readDir(checkpoint), ({ name }) => name);
      // a checkpoint has tensors
      const path = join(checkpoint, names.find((name) => name.endsWith(".safetensors"))!);
      const whole = await Deno.readFile(path);
      await Deno.writeFile(path, whole.subarray(0, -1));
      assert.match(
        await expectCli(["runs", "show", "0"], folder),
        /^Checkpoints +8 \(damaged\), 16$/m,
      );
      await Deno.writeFile(path, whole);
    });

    await t.step("without Deno KV the folders alone are read, and it is said", async () => {
      await Deno.rename(join(runs, "cambium.kv"), join(folder, "kv"));
      const { code, stdout, stderr } = await runCli(["runs", "list", "--json"], folder);
      assert.equal(code, 0);
      assert.match(stderr, /no run state in Deno KV/);
      assert.equal(JSON.parse(stdout)[0].status, "finished");
      assert.ok(!await exists(join(runs, "cambium.kv")), "looking must not make a store");
      await Deno.rename(join(folder, "kv"), join(runs, "cambium.kv"));
    });

    await t.step("a run without checkpoints can't be drawn from", async () => {
      await Deno.copyFile(join(runs, id, "config.json"), join(empty.folder, "config.json"));
      const { code, stderr } = await runCli(["sample", "--run", "1", ...QUIET], folder);
      assert.equal(code, 2);
      assert.match(stderr, /expected a checkpoint, received none/);
    });

    await t.step("a run that trains is running and is not deleted", async () => {
      const lock = await acquireRunLock(join(runs, id));
      try {
        assert.equal((await list())[0].status, "running");
        const { code, stderr } = await runCli(["runs", "delete", "0", "--yes"], folder);
        assert.equal(code, 1);
        assert.match(stderr, /Cannot delete .* is training this run/);
        assert.ok(await exists(join(runs, id)));
      } finally {
        lock.release();
      }
    });

    await t.step("deleting wants a terminal or --yes, then folder and state are gone", async () => {
      const asked = await runCli(["runs", "delete", "0"], folder);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, /--yes/);
      assert.ok(await exists(join(runs, id)));
      const deleted = await expectCli(["runs", "delete", "0", "1", "--yes", "--json"], folder);
      assert.deepEqual(JSON.parse(deleted), { deleted: [id, empty.id] });
      assert.deepEqual(await list(), []);
      const kv = await Deno.openKv(join(runs, "cambium.kv"));
      const left = await Array.fromAsync(
        kv.list({ prefix: [] }),
        (entry) => JSON.stringify(entry.key),
      );
      kv.close();
      assert.deepEqual(left.filter((key) => key.includes(id)), []);
    });
  }));

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
