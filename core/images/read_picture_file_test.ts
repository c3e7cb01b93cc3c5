import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../testing/with_folder.ts";
import { readPictureFile } from "./read_picture_file.ts";
import { testPng } from "./test_profiles.ts";

Deno.test(
  "a file is told by its first bytes before it is read: a sparse one of 3 GB is too " +
    "large, a device no file",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "sparse.png");
      await Deno.writeFile(path, testPng([1, 2, 3], { width: 1, channels: 3, bits: 8 }));
      assert.equal((await readPictureFile(path)).length, (await Deno.stat(path)).size);
      await Deno.truncate(path, 3e9);
      await assert.rejects(readPictureFile(path), /too large: a file of 2,861 MiB, at most 1,024/);
      await Deno.writeTextFile(path, "no picture");
      await Deno.truncate(path, 3e9);
      await assert.rejects(readPictureFile(path), /^PictureError: not an image/);
      await assert.rejects(readPictureFile("/dev/zero"), /not a regular file/);
      await assert.rejects(readPictureFile(folder), /not a regular file/);
    }),
);
