import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../testing/with_folder.ts";
import { writeSynced } from "./files.ts";
import { sha256 } from "../sha256.ts";

Deno.test("writeSynced() finishes short writes, and refuses a file that exists", () =>
  withFolder(async (folder) => {
    const path = join(folder, "file");
    const chunks = [
      Uint8Array.from({ length: 100 }, (_, i) => i),
      new Uint8Array(0),
      Uint8Array.of(9),
    ];
    const write = Deno.FsFile.prototype.write;
    let writes = 0;
    Deno.FsFile.prototype.write = function (bytes) {
      writes++;
      return write.call(this, bytes.subarray(0, 7)); // as systems may
    };
    try {
      const expected = Uint8Array.from([...chunks[0]!, 9]);
      const written = await writeSynced(path, chunks, () => {});
      assert.deepEqual(written, { bytes: 101, sha256: sha256(expected) });
      assert.deepEqual(await Deno.readFile(path), expected);
      assert.equal(writes, Math.ceil(100 / 7) + 1);
    } finally {
      Deno.FsFile.prototype.write = write;
    }
    await assert.rejects(writeSynced(path, chunks, () => {}), Deno.errors.AlreadyExists);
  }));
