import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles, withFolder } from "./with_folder.ts";

Deno.test(
  "withFiles() writes what a test needs, withFolder() removes it, also where the test " +
    "fails",
  async () => {
    let seen = "";
    const reading = withFiles({ "a/b.txt": "text", "c.u8": Uint8Array.of(7) }, async (folder) => {
      seen = folder;
      assert.equal(await Deno.readTextFile(join(folder, "a", "b.txt")), "text");
      assert.deepEqual(await Deno.readFile(join(folder, "c.u8")), Uint8Array.of(7));
      throw new Error("a slip");
    });
    await assert.rejects(reading, /a slip/);
    await assert.rejects(Deno.stat(seen), Deno.errors.NotFound);
    await withFolder(async (folder) => {
      assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  },
);
