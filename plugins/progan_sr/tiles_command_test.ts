import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { commandContext, withFiles } from "../../core/testing/mod.ts";
import { cutTiles, tilesCommand } from "./tiles_command.ts";

/** 20×9: one half black, the other half alternating black and white columns. */
const picture = await sharp(
  Uint8Array.from({ length: 20 * 9 * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % 20;
    return x < 10 ? 0 : 255 * (x % 2);
  }),
  { raw: { width: 20, height: 9, channels: 3 } },
).png().toBuffer();

const inFolder = (test: (folder: string) => Promise<void>) => withFiles({ "a.png": picture }, test);

Deno.test(
  "cutTiles() cuts whole squares from the middle and tells how varied their luma " +
    "is",
  async () => {
    await inFolder(async (folder) => {
      const { tiles } = await cutTiles(join(folder, "a.png"), 4);
      assert.deepEqual(tiles.map(({ left, top }) => [left, top]).slice(0, 6), [
        [0, 0],
        [4, 0],
        [8, 0],
        [12, 0],
        [16, 0],
        [0, 4],
      ]);
      assert.equal(tiles.length, 5 * 2);
      assert.equal(tiles[0]!.detail, 0);
      assert.ok(Math.abs(tiles[3]!.detail - 127.5) < 1e-6, "half black, half white");
      assert.deepEqual([...tiles[2]!.data.subarray(0, 12)], [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        255,
        255,
        255,
      ]);
      await assert.rejects(
        () => cutTiles(join(folder, "a.png"), 10),
        /at least 10 px a side, received 20×9/,
      );
    });
  },
);

Deno.test(
  "tiles writes the tiles that are not flat, tells of what is no picture, and does the " +
    "others",
  async () => {
    await inFolder(async (folder) => {
      const bad = join(folder, "bad.jpg"),
        gone = join(folder, "gone.jpg"),
        out = join(folder, "out");
      await Deno.writeTextFile(bad, "no picture");
      const context = commandContext(tilesCommand, {
        args: [gone, join(folder, "a.png")],
        options: { out, side: 8, detail: 9 },
      });
      const { lines } = context;
      await assert.rejects(
        () => tilesCommand.run({ ...context, args: [bad, ...context.args] }),
        (error: Error) => {
          assert.deepEqual(error.message.split("\n"), [
            "Cannot cut 2 of 3 pictures:",
            `  ${bad}: not an image, whatever its name says`,
            `  ${gone}: no such file`,
          ]);
          return true;
        },
      );
      assert.equal(lines.length, 1, "what failed is told once, in the end");
      const names = (await Array.fromAsync(Deno.readDir(out), ({ name }) => name)).sort();
      assert.deepEqual(names, ["a-10-0.png"]);
      assert.match(lines.at(-1)!, /a\.png: 1 tile, 1 flat one left out/);
      const { data } = await sharp(join(out, "a-10-0.png")).raw().toBuffer({
        resolveWithObject: true,
      });
      assert.deepEqual([data.length, data[0], data[3]], [8 * 8 * 3, 0, 255]);
      const there = { ...context.options, out: bad };
      await assert.rejects(
        () => tilesCommand.run({ ...context, options: there }),
        /Cannot write .*bad\.jpg: expected a folder .* received a file at/,
      );
      assert.throws(
        () => commandContext(tilesCommand, { options: { side: 7 } }),
        /--side.*at least 8, received 7/,
      );
    });
  },
);

Deno.test(
  "tiles replaces no older tile unasked, and never one of another picture of the same " +
    "call",
  async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "out"), other = join(folder, "other", "a.png");
      await Deno.mkdir(join(folder, "other"));
      await sharp(picture).negate().png().toFile(other);
      const cut = (args: string[], more: Record<string, true> = {}) =>
        Promise.resolve(tilesCommand.run(commandContext(tilesCommand, {
          args,
          options: { out, side: 8, detail: 9, ...more },
        })));
      const first = join(folder, "a.png"), tile = join(out, "a-10-0.png");
      const third = join(folder, "third", "a.png");
      await Deno.mkdir(join(folder, "third"));
      await Deno.copyFile(other, third);
      const collision = /third.a\.png: Cannot write .*a-png-10-0.*another result of this call/;
      await assert.rejects(() => cut([first, other, third]), collision);
      const written = await Deno.readFile(tile);
      await assert.rejects(() => cut([other]), /a-10-0\.png: .* one that exists\. Use --overwrite/);
      assert.deepEqual(await Deno.readFile(tile), written, "of the first picture");
      await assert.rejects(() => cut([first, other, third], { overwrite: true }), collision);
      const negative = await Deno.readFile(join(out, "a-png-10-0.png"));
      assert.notDeepEqual(negative, written, "of the second");
      await cut([other], { overwrite: true });
      assert.deepEqual(await Deno.readFile(tile), negative, "replaced");
    });
  },
);

Deno.test("tiles keeps a picture's tiles apart from those of another ending", () =>
  withFiles({ "in/a.png": picture }, async (folder) => {
    const out = join(folder, "out");
    await sharp(picture).gif().toFile(join(folder, "in", "a.gif"));
    const context = commandContext(tilesCommand, {
      args: [join(folder, "in")],
      options: { out, side: 8, detail: 9 },
    });
    await tilesCommand.run(context);
    const names = await Array.fromAsync(Deno.readDir(join(out, "in")), ({ name }) => name);
    assert.deepEqual(names.sort(), ["a-10-0.png", "a-png-10-0.png"]);
  }));

Deno.test("tiles cuts a folder's pictures by their content into the same tree", () =>
  withFiles({
    "album/Thumbs.db": "x",
    "album/2020/noending": picture,
    "album/2020/notes.txt": "x",
  }, async (folder) => {
    const out = join(folder, "out");
    const context = commandContext(tilesCommand, {
      args: [join(folder, "album")],
      options: { out, side: 8, detail: 9 },
    });
    await tilesCommand.run(context);
    assert.deepEqual(
      await Array.fromAsync(Deno.readDir(join(out, "album", "2020")), ({ name }) => name),
      ["noending-10-0.png"],
    );
    assert.match(context.lines[0]!, /^Skipped .*notes\.txt: not an image/);
    assert.equal(context.lines.length, 2);
  }));
