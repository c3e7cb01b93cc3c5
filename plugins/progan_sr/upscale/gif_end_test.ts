import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { PictureError } from "../../../core/mod.ts";
import { withFolder } from "../../../core/testing/mod.ts";
import { gifEnd } from "./gif_end.ts";
import { readPicture } from "./read_picture.ts";

/** Three frames of noise. */
async function animation(): Promise<Uint8Array> {
  const side = 24, count = 3;
  const data = Uint8Array.from({ length: count * side * side * 3 }, (_, i) => (i * i * 31) % 256);
  const raw = { width: side, height: count * side, channels: 3 as const, pageHeight: side };
  return new Uint8Array(await sharp(data, { raw }).gif({ interFrameMaxError: 0 }).toBuffer());
}

Deno.test("gifEnd() tells a whole GIF from one cut between its blocks or within one", async () => {
  const gif = await animation();
  assert.equal(gifEnd(gif), "whole");
  assert.equal(gifEnd(gif.subarray(0, -1)), "between");
  assert.equal(gifEnd(gif.subarray(0, -2)), "within");
  const ends = Array.from({ length: gif.length - 14 }, (_, i) => gifEnd(gif.subarray(0, 14 + i)));
  assert(ends.includes("between") && ends.includes("within") && !ends.includes("whole"));
  assert.equal(gifEnd(Uint8Array.of(...gif, 0, 0)), "whole");
});

Deno.test("an animated GIF is refused where a frame is cut, and told of where its end is missing", () =>
  withFolder(async (folder) => {
    const gif = await animation(), path = join(folder, "a.gif");
    await Deno.writeFile(path, gif.subarray(0, -1));
    const { frames, notes } = await readPicture(path);
    assert.equal(frames.length, 3);
    assert.deepEqual(notes, ["its end is missing, and with it perhaps further frames"]);
    await Deno.writeFile(path, gif.subarray(0, -60));
    await assert.rejects(readPicture(path), new PictureError("damaged: it is cut short"));
    await Deno.writeFile(path, gif);
    assert.deepEqual((await readPicture(path)).notes, []);
  }));
