import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { AppendFile } from "./append_file.ts";

/** A file on a disk with limited room: a write beyond it is cut short, and the next one fails. */
class FullFile {
  readonly #file: Deno.FsFile;
  room = Infinity;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, Math.min(this.room, 3, bytes.length));
    if (part.length === 0) throw new Error("No space left on device");
    this.room -= part.length;
    return await this.#file.write(part);
  }

  truncate(length: number): Promise<void> {
    return this.#file.truncate(length);
  }

  seek(offset: number, whence: Deno.SeekMode): Promise<number> {
    return this.#file.seek(offset, whence);
  }
}

Deno.test(
  "what a full disk cuts off is no part of the file, and the next append follows what " +
    "is whole",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "lines");
      using file = await Deno.open(path, { write: true, create: true });
      const disk = new FullFile(file);
      // it calls only these three methods
      const lines = new AppendFile(disk as unknown as Deno.FsFile, 0);
      const append = (text: string) => lines.append(new TextEncoder().encode(text));
      await append("first line\n");
      for (const room of [0, 1, 5, 10]) {
        disk.room = room;
        await assert.rejects(append("another line\n"), /No space left/);
        assert.equal(await Deno.readTextFile(path), "first line\n", `room for ${room}`);
      }
      disk.room = Infinity;
      await Promise.all([append("second line\n"), append("third line\n")]);
      assert.equal(await Deno.readTextFile(path), "first line\nsecond line\nthird line\n");
    }),
);
