import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import {
  createRunFolder,
  findNamedRuns,
  findRun,
  findRuns,
  latestRun,
  readRunConfig,
  writeRunConfig,
} from "./run_folder.ts";
import { samplePath } from "./sample_path.ts";
import { runChild } from "./test_process.ts";

Deno.test("createRunFolder() numbers runs, and findRuns() reads the names back", () =>
  withFolder(async (root) => {
    const runs = join(root, "new", "runs");
    assert.deepEqual(await findRuns(runs), []);
    assert.equal(await latestRun(runs), null);
    const first = await createRunFolder(runs, { plugin: "stylegan", data: "Emoji 32 px!" });
    assert.equal(first.id, "00000-stylegan-emoji_32_px");
    const second = await createRunFolder(runs, { plugin: "progan-sr", data: "../../a-b" });
    assert.equal(second.id, "00001-progan_sr-a-b");
    assert.deepEqual([second.plugin, second.data], ["progan_sr", "a-b"]);
    await Deno.mkdir(join(runs, "00007-stylegan-x"));
    await Deno.mkdir(join(runs, "notes"));
    await Deno.writeTextFile(join(runs, "00009-a-file"), "");
    const third = await createRunFolder(runs, { plugin: "漢字", data: "" });
    assert.equal(third.id, "00008-name_c6d297-unnamed");
    assert.deepEqual((await findRuns(runs)).map((run) => run.number), [0, 1, 7, 8]);
    assert.equal((await latestRun(runs))!.id, third.id);
    assert.equal((await latestRun(runs, "progan-sr"))!.id, second.id);
    assert.equal(await latestRun(runs, "prog"), null);
    assert.ok((await Deno.stat(join(first.folder, "samples"))).isDirectory);
  }));

Deno.test("createRunFolder() gives each number once, to calls and processes alike", () =>
  withFolder(async (runs) => {
    const ours = Array.from({ length: 8 }, (_, i) => {
      return createRunFolder(runs, { plugin: "p", data: `parent-${i}` });
    });
    const children = [runChild("create-folders", runs, 8), runChild("create-folders", runs, 8)];
    await Promise.all(ours);
    for (const { success } of await Promise.all(children)) assert.ok(success);
    const numbers = (await findRuns(runs)).map((run) => run.number);
    assert.deepEqual(numbers, Array.from({ length: 24 }, (_, i) => i));
  }));

Deno.test("createRunFolder() doesn't reuse the number of a run that was removed", () =>
  withFolder(async (runs) => {
    const names = { plugin: "p", data: "d" };
    await createRunFolder(runs, names);
    const { folder } = await createRunFolder(runs, names);
    await Deno.remove(folder, { recursive: true });
    assert.equal((await createRunFolder(runs, names)).number, 2);
    await Deno.mkdir(join(runs, "00041-p-d")); // copied from elsewhere
    assert.equal((await createRunFolder(runs, names)).number, 42);
    for (const { folder } of await findRuns(runs)) await Deno.remove(folder, { recursive: true });
    assert.equal((await createRunFolder(runs, names)).number, 43);
    assert.equal(await Deno.readTextFile(join(runs, ".numbers")), "43\n");
  }));

Deno.test("createRunFolder() goes by the folders where the last number is not to be read", () =>
  withFolder(async (runs) => {
    await Deno.mkdir(join(runs, "00006-p-d"));
    let number = 6;
    for (const text of ["", "-3", "x".repeat(5000), "1e3", "99999999999", "\n"]) {
      await Deno.writeTextFile(join(runs, ".numbers"), text);
      assert.equal((await createRunFolder(runs, { plugin: "p", data: "d" })).number, ++number);
      assert.equal(await Deno.readTextFile(join(runs, ".numbers")), `${number}\n`);
    }
  }));

Deno.test("findRun() takes a number, a name or a folder, and names what there is", () =>
  withFolder(async (runs) => {
    const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
    for (const wanted of ["0", "00000", id, folder]) {
      assert.equal((await findRun(runs, wanted)).id, id, wanted);
    }
    assert.equal((await findRun(join(runs, "elsewhere"), folder)).id, id);
    await assert.rejects(findRun(runs, "4"), /RangeError: .*newest: 00000-p-d.* received "4"/);
    await assert.rejects(findRun(runs, ".."), RangeError);
  }));

Deno.test("findRun() takes the word that a run was named by, and the newest of several", () =>
  withFolder(async (runs) => {
    await createRunFolder(runs, { plugin: "stylegan", data: "cats" });
    const named = await createRunFolder(runs, { plugin: "stylegan", data: "My Cats!" });
    const newest = await createRunFolder(runs, { plugin: "sketch", data: "cats" });
    await createRunFolder(runs, { plugin: "cats", data: "dogs" });
    const digits = await createRunFolder(runs, { plugin: "p", data: "2" });
    assert.equal((await findRun(runs, "cats")).id, newest.id);
    assert.deepEqual((await findNamedRuns(runs, "cats")).map((run) => run.number), [0, 2]);
    for (const word of ["My Cats!", "my_cats"]) {
      assert.equal((await findRun(runs, word)).id, named.id, word);
    }
    assert.equal((await findRun(runs, "2")).id, newest.id, "a number is a number first");
    assert.equal((await findRun(runs, "4")).id, digits.id);
    await assert.rejects(findRun(runs, "cat"), RangeError);
    await assert.rejects(findRun(runs, "./cats"), RangeError, "a path is not a name");
  }));

Deno.test(
  "a run folder that was moved and linked is found, and counts; links that lead to no " +
    "folder do not",
  () =>
    withFolder(async (root) => {
      const runs = join(root, "runs");
      const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
      await Deno.mkdir(join(root, "elsewhere"));
      await Deno.rename(folder, join(root, "elsewhere", id));
      await Deno.symlink(join(root, "elsewhere", id), folder);
      await Deno.symlink(join(root, "nowhere"), join(runs, "00007-p-gone"));
      await Deno.writeTextFile(join(root, "file"), "");
      await Deno.symlink(join(root, "file"), join(runs, "00008-p-file"));
      assert.deepEqual((await findRuns(runs)).map((run) => run.folder), [folder]);
      assert.equal((await findRun(runs, "0")).folder, folder);
      assert.equal((await createRunFolder(runs, { plugin: "p", data: "d" })).number, 1);
    }),
);

Deno.test("writeRunConfig() replaces the file whole, and readRunConfig() wants an object", () =>
  withFolder(async (folder) => {
    await writeRunConfig(folder, { gamma: 10 });
    await writeRunConfig(folder, { gamma: 5, nested: { a: [1] } });
    assert.deepEqual(await readRunConfig(folder), { gamma: 5, nested: { a: [1] } });
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["config.json"]);
    await Deno.writeTextFile(join(folder, "config.json"), "[1]");
    await assert.rejects(readRunConfig(folder), /expected an object/);
  }));

Deno.test(
  "samplePath() gives names that sort by images seen and differ wherever a field " +
    "does",
  () => {
    assert.equal(
      samplePath({ imagesSeen: 120_032, resolution: 32, phaseKind: "fade" }),
      "samples/000120032-0032px-fade.png",
    );
    const names: string[] = [];
    for (const imagesSeen of [0, 999, 1000, 1001, 99_999_999, 100_000_000]) {
      for (const resolution of [4, 8, 1024]) {
        for (const phaseKind of ["fade", "stabilize"] as const) {
          for (const weights of ["ema", "live"] as const) {
            names.push(samplePath({ imagesSeen, resolution, phaseKind, weights }));
          }
        }
      }
    }
    assert.equal(new Set(names).size, names.length);
    const images = names.toSorted().map((name) => Number(/\d+/.exec(name)![0]));
    assert.deepEqual(images, images.toSorted((a, b) => a - b));
    assert.match(
      basename(samplePath({ imagesSeen: 1, resolution: 4, phaseKind: "fade", extension: "webp" })),
      /^\S+\.webp$/,
    );
  },
);

Deno.test("findRuns() says so where a file stands in for the folder", async () => {
  const file = await Deno.makeTempFile();
  try {
    await assert.rejects(
      () => findRuns(file),
      /expected a folder, received a file\. Give the folder/,
    );
  } finally {
    await Deno.remove(file);
  }
});
