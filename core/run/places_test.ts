import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../testing/with_folder.ts";
import { createRunFolder, expectName, writeRunConfig } from "./folder/run_folder.ts";
import { chooseRun, placeFlags, placesOf, tellOfGone } from "./places.ts";
import { parseRunAt } from "./run_at.ts";
import { RunError } from "./run_error.ts";

Deno.test(
  "placeFlags() names only places that a command would not find by itself, as a shell " +
    "takes them",
  () => {
    assert.equal(placeFlags({ runs: "runs" }), "");
    assert.equal(placeFlags({ runs: "/tmp/my-runs" }), " --runs /tmp/my-runs");
    assert.equal(placeFlags({ runs: "it's mine" }), ` --runs 'it'"'"'s mine'`);
    assert.equal(
      placeFlags({ runs: "runs", kv: "https://kv.test/a?b" }),
      " --kv 'https://kv.test/a?b'",
    );
  },
);

Deno.test(
  "chooseRun() says which run it took where several have the name, and nothing where " +
    "one has",
  () =>
    withFolder(async (runs) => {
      const lines: string[] = [], notices = { log: (line: string) => void lines.push(line) };
      const { id: first } = await createRunFolder(runs, { plugin: "p", data: "cats" });
      assert.equal((await chooseRun({ runs }, "cats", notices)).id, first);
      assert.deepEqual(lines, []);
      const { id: second } = await createRunFolder(runs, { plugin: "p", data: "cats" });
      assert.equal((await chooseRun({ runs }, "cats", notices)).id, second);
      assert.deepEqual(lines, [`2 runs have the name "cats": ${second} is the newest`]);
    }),
);

Deno.test(
  "a run that was renamed is called so, with what to do, and nothing older is taken " +
    "for it",
  () =>
    withFolder(async (root) => {
      const runs = join(root, "runs"), config = { plugins: [{ name: "progan-sr" }] };
      const { folder: older } = await createRunFolder(runs, { plugin: "p", data: "d" });
      await writeRunConfig(older, config);
      await Deno.utime(join(older, "config.json"), 1, 1);
      const { id, folder } = await createRunFolder(runs, { plugin: "progan-sr", data: "cats" });
      await writeRunConfig(folder, config);
      const renamed = join(runs, "My Good Cats");
      await Deno.rename(folder, renamed);
      const reason = /My Good Cats holds a run, .*: mv '.*' \S*00002-progan_sr-my_good_cats/;
      for (const wanted of [undefined, id, "cats", renamed]) {
        await assert.rejects(chooseRun({ runs }, wanted), reason, wanted);
      }
      assert.equal((await chooseRun({ runs }, "0")).folder, older);
      await Deno.rename(renamed, join(runs, "00002-progan_sr-my_good_cats"));
      assert.equal((await chooseRun({ runs }, "my_good_cats")).number, 2);
    }),
);

Deno.test(
  "a newest run that is a link to nowhere is not skipped; by its real path, the " +
    "link is found",
  () =>
    withFolder(async (root) => {
      const runs = join(root, "runs");
      await createRunFolder(runs, { plugin: "p", data: "d" });
      const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
      await Deno.mkdir(join(root, "big"));
      await Deno.rename(folder, join(root, "big", id));
      await Deno.symlink(join(root, "big", id), folder);
      assert.equal((await chooseRun({ runs }, undefined)).folder, folder);
      assert.equal((await chooseRun({ runs }, join(root, "big", id))).folder, folder);
      await Deno.rename(join(root, "big"), join(root, "unmounted"));
      await assert.rejects(
        chooseRun({ runs }, undefined),
        /00001-p-d is a link to .*mount or move/,
      );
      await assert.rejects(chooseRun({ runs }, "1"), /00001-p-d is a link to .*mount or move/);
    }),
);

Deno.test(
  "that a newer run was here is told; a run that was named by its path has its state " +
    "beside it",
  () =>
    withFolder(async (runs) => {
      const names = { plugin: "p", data: "d" };
      const first = await createRunFolder(runs, names), second = await createRunFolder(runs, names);
      const warnings: string[] = [], notices = { warn: (line: string) => void warnings.push(line) };
      await tellOfGone(runs, second, notices);
      assert.deepEqual(warnings, []);
      await Deno.remove(second.folder, { recursive: true });
      await tellOfGone(runs, first, notices);
      assert.match(
        warnings.join(),
        /^run 1 is no longer in .*: the newest that is left is 00000-p-d$/,
      );
      assert.deepEqual(placesOf({ runs: "elsewhere" }, first), { runs });
      assert.deepEqual(placesOf({ runs, kv: "x.kv" }, first), { runs, kv: "x.kv" });
    }),
);

Deno.test("an empty word names no run: the newest would be a guess", () =>
  withFolder(async (runs) => {
    await createRunFolder(runs, { plugin: "p", data: "cats" });
    for (const wanted of ["", "  "]) {
      await assert.rejects(chooseRun({ runs }, wanted), /received nothing\. Leave it out/);
    }
    assert.throws(() => parseRunAt(""), /received nothing/);
    assert.deepEqual(parseRunAt(undefined), { run: undefined, checkpoint: undefined });
    assert.deepEqual(parseRunAt("@12"), { run: undefined, checkpoint: 12 });
    assert.deepEqual(parseRunAt("a@b@12"), { run: "a@b", checkpoint: 12 });
    assert.deepEqual(parseRunAt("3@1.5k"), { run: "3", checkpoint: 1500 });
    for (const run of ["3@", "3@cat", "3@1.5", "a@2k/00003-progan-cats"]) {
      assert.deepEqual(parseRunAt(run), { run, checkpoint: undefined });
    }
  }));

Deno.test("a name finds its run however it is written, and no other's", () =>
  withFolder(async (runs) => {
    const names = ["猫", "犬", "か", "が", "Café de Flore", "a".repeat(70) + "b", "a".repeat(70)];
    const ids = new Map<string, string>();
    for (const name of names) {
      ids.set(name, (await createRunFolder(runs, { plugin: "p", data: name })).id);
    }
    for (const name of names) {
      for (const written of [name, name.normalize("NFD"), name.toUpperCase()]) {
        assert.equal((await chooseRun({ runs }, written)).id, ids.get(name), written);
      }
    }
    assert.match(ids.get("Café de Flore")!, /^\d+-p-cafe_de_flore$/); // set above
    await assert.rejects(chooseRun({ runs }, "鳥"), /Cannot find a run/);
    await assert.rejects(chooseRun({ runs }, ".."), /Cannot find a run/);
    await assert.rejects(
      chooseRun({ runs }, "猫@56k"), // as --from and --resume take it
      /received "猫@56k"\. One of its checkpoints is --run 猫 --checkpoint 56k$/,
    );
  }));

Deno.test("of a name that runs of several plugins share, a plugin's command takes its own", () =>
  withFolder(async (runs) => {
    const sr = await createRunFolder(runs, { plugin: "progan-sr", data: "cats" });
    const newer = await createRunFolder(runs, { plugin: "stylegan", data: "cats" });
    assert.equal((await chooseRun({ runs }, "cats", undefined, "progan-sr")).id, sr.id);
    assert.equal((await chooseRun({ runs }, "cats", undefined, "sketch")).id, newer.id);
    assert.equal((await chooseRun({ runs }, "cats")).id, newer.id);
  }));

Deno.test("a number that several runs have is refused with their names, and so is the newest", () =>
  withFolder(async (runs) => {
    const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "dogs" });
    await Deno.mkdir(join(runs, "00000-p-cats")); // of another machine
    const both =
      /expected one of this number, received 00000-p-cats, 00000-p-dogs\. Give its whole/;
    for (const wanted of ["0", "00000", undefined]) {
      await assert.rejects(chooseRun({ runs }, wanted), (error: Error) => {
        assert.ok(error instanceof RunError);
        assert.match(error.message, both);
        return true;
      });
    }
    for (const wanted of ["dogs", id, folder]) {
      assert.equal((await chooseRun({ runs }, wanted)).id, id, wanted);
    }
    const { id: newest } = await createRunFolder(runs, { plugin: "p", data: "0" });
    assert.equal((await chooseRun({ runs }, undefined)).id, newest);
  }));

Deno.test("a name that no run would be found by is refused", () => {
  for (const name of ["", " ", "..", "/", "!?"]) {
    assert.throws(() => expectName(name), /expected a letter or a digit in it/, name);
  }
  for (const name of ["7", "00012", " 7!", "７"]) {
    assert.throws(() => expectName(name), /expected more than digits, .* Add a word/, name);
  }
  for (const name of ["d@64", "a@b@12"]) {
    assert.throws(() => expectName(name), /expected no "@" before digits at its end/, name);
  }
  for (const name of ["con", "a b", "猫", "🐱", "7a", "7-8", "d@64px", "d@"]) expectName(name);
});
