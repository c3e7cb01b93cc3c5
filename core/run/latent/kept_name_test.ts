import assert from "node:assert/strict";
import { join } from "node:path";
import { parseSources } from "../../../cli/flags/sources.ts";
import { pictureName } from "../../../web/explore/picture_name.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { expectName, nameOfFile, namesIn } from "./kept_name.ts";

Deno.test(
  "a file's name becomes one that can be kept, in any script, and seed lists read it",
  () => {
    for (
      const [path, name] of [
        ["/a/cat.png", "cat"],
        ["2024 (1).JPG", "picture_2024__1_"],
        ["/a/чай.webp", "чай"],
        ["猫.png", "猫"],
        ["犬.png", "犬"],
        ["चाय ٣.png", "चाय_٣"],
        ["cafe\u0301.png", "caf\u00e9"],
        [".png", "picture__png"],
        [`${"x".repeat(200)}.png`, "x".repeat(50)],
        [`${"𠀋".repeat(60)}.png`, "𠀋".repeat(50)],
      ] as const
    ) {
      assert.equal(nameOfFile(path), name);
      assert.equal(pictureName(path.split("/").at(-1)!), name, "the page names it alike");
      expectName(name, "a picture");
      assert.deepEqual(parseSources(`0-1,@${name}`), [0, 1, `@${name}`]);
    }
    for (const wrong of ["", "7", "a b", "a/b", "-a", "\u0301a", "猫".repeat(65), "pca3"]) {
      assert.throws(() => expectName(wrong, "a picture"), /expected a letter, then/, wrong);
    }
  },
);

Deno.test("names are listed composed, however the file system holds them", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "cafe\u0301.json"), "");
    assert.deepEqual(await namesIn(folder, ".json"), ["caf\u00e9"]);
    assert.deepEqual(await namesIn(join(folder, "none"), ".json"), []);
    await assert.rejects(namesIn(join(folder, "cafe\u0301.json"), ".json"), {
      name: "RunError",
      message: /expected a folder, received Not a directory.* Move it away/,
    });
  }));
