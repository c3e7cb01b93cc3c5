import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "./testing/with_folder.ts";
import { writeWhole } from "./write_whole.ts";

Deno.test("writeWhole() replaces a file, or says why it can't and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const path = join(folder, "new", "a.u8");
    for (const value of [1, 2]) await writeWhole(path, Uint8Array.of(value));
    assert.deepEqual(await Deno.readFile(path), Uint8Array.of(2));
    await Deno.mkdir(join(folder, "new", "taken"));
    for (const not of [join(folder, "new", "taken"), join(path, "b.u8")]) {
      await assert.rejects(
        writeWhole(not, Uint8Array.of(3)),
        /Cannot write .*(taken|b\.u8): expected a folder that can be written and has room, received ./,
      );
    }
    const names = await Array.fromAsync(Deno.readDir(join(folder, "new")), ({ name }) => name);
    assert.deepEqual(names.sort(), ["a.u8", "taken"]);
  }));

Deno.test("writeWhole() writes names as long as the file system takes", () =>
  withFolder(async (folder) => {
    const path = join(folder, "多".repeat(84) + "abc"); // 255 bytes in UTF-8
    await writeWhole(path, Uint8Array.of(1));
    assert.deepEqual(await Deno.readFile(path), Uint8Array.of(1));
  }));
