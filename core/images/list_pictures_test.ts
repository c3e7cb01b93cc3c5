import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../testing/with_folder.ts";
import { listPictures } from "./list_pictures.ts";
import { testPng } from "./test_profiles.ts";
import { unreadable } from "./unreadable.ts";

const png = testPng([1, 2, 3], { width: 1, channels: 3, bits: 8 });

Deno.test("listPictures() takes files as they are named, and folders with their tree", () =>
  withFiles(
    { "a/1.png": png, "a/b/2": png, "a/b/x.txt": "x", "a/lost+found/3.png": png, "4.txt": "x" },
    async (folder) => {
      await Deno.symlink(join(folder, "a"), join(folder, "a", "b", "loop"));
      await Deno.symlink(join(folder, "gone.png"), join(folder, "a", "dangling.png"));
      const at = (path: string) => join(folder, path);
      const { pictures, skipped } = await listPictures([at("4.txt"), at("a"), at("Thumbs.db")]);
      assert.deepEqual(pictures, [
        { path: at("4.txt"), folder: "" },
        { path: at("a/1.png"), folder: "a" },
        { path: at("a/b/2"), folder: join("a", "b") },
      ]);
      assert.deepEqual(skipped.map(({ path }) => path), [at("a/b/x.txt"), at("a/dangling.png")]);
      const twice = [at("a/1.png"), join(folder, "a") + "//1.png", at("a"), at("a/b/2"), at("a")];
      assert.deepEqual((await listPictures(twice)).pictures, [
        { path: at("a/1.png"), folder: "" },
        { path: at("a/b/2"), folder: join("a", "b") },
      ]);
      const without = await listPictures([at("a")], at("a/b"));
      assert.deepEqual(without.pictures.map(({ path }) => path), [at("a/1.png")]);
    },
  ));

Deno.test("listPictures() skips run folders that it meets, and enters one that is named", () => {
  const run = "own/runs/00000-progan-own";
  const files = { [`${run}/config.json`]: "{}", [`${run}/samples/0.png`]: png, "own/1.png": png };
  return withFiles(files, async (folder) => {
    const { pictures, skipped } = await listPictures([join(folder, "own")]);
    assert.deepEqual(pictures.map(({ path }) => path), [join(folder, "own/1.png")]);
    assert.deepEqual(skipped.map(({ path }) => path), [join(folder, run)]);
    assert.equal((await listPictures([join(folder, run)])).pictures.length, 1);
  });
});

Deno.test("a name that is not in UTF-8 is called so", () => {
  const error = new Deno.errors.NotFound("No such file");
  assert.equal(unreadable("caf\ufffd.png", error), "its name is not in UTF-8: rename it");
  assert.equal(unreadable("gone.png", error), "can't be read: No such file");
});
