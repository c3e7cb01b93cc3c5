import assert from "node:assert/strict";
import { join } from "node:path";
import { testPng } from "../../../core/images/test_profiles.ts";
import { PictureError } from "../../../core/images/mod.ts";
import { withFolder } from "../../../core/testing/mod.ts";
import { type Apng, composeFrames, joinApng, splitApng } from "./apng.ts";
import { readPicture } from "./read_picture.ts";
import { encodePicture } from "./write_picture.ts";

const CLEAR = [0, 0, 0, 0], RED = [255, 0, 0, 255], GREEN = [0, 255, 0, 255];
const HALF_BLUE = [0, 0, 255, 128];

/** Two pixels side by side; each frame changes one or both. */
const apng = (...frames: { x: number; width: number; dispose: number; blend: number }[]): Apng => ({
  width: 2,
  height: 1,
  loop: 0,
  frames: frames.map((frame) => ({
    ...frame,
    y: 0,
    height: 1,
    delay: [1, 10],
    png: new Uint8Array(),
  })),
});

const composed = (animation: Apng, ...pixels: number[][]) =>
  composeFrames(animation, pixels.map((p) => Uint8Array.from(p))).map((frame) => [...frame]);

Deno.test("composeFrames() leaves, clears or brings back what a frame has drawn", () => {
  const whole = { x: 0, width: 2, blend: 0 }, right = { x: 1, width: 1, blend: 0 };
  const pixels = [[...RED, ...RED], GREEN, HALF_BLUE];
  const after = (dispose: number) =>
    composed(
      apng({ ...whole, dispose: 0 }, { ...right, dispose }, {
        x: 0,
        width: 1,
        dispose: 0,
        blend: 0,
      }),
      ...pixels,
    );
  assert.deepEqual(after(0).slice(0, 2), [[...RED, ...RED], [...RED, ...GREEN]]);
  assert.deepEqual(after(0)[2], [...HALF_BLUE, ...GREEN]);
  assert.deepEqual(after(1)[2], [...HALF_BLUE, ...CLEAR]);
  assert.deepEqual(after(2)[2], [...HALF_BLUE, ...RED]);
});

Deno.test("composeFrames() lays a frame over what is there by its opacity", () => {
  const animation = apng(
    { x: 0, width: 1, dispose: 0, blend: 0 },
    { x: 0, width: 2, dispose: 0, blend: 1 },
  );
  const [, second] = composed(animation, RED, [...HALF_BLUE, ...HALF_BLUE]);
  // 128/255 of blue over opaque red; over transparency it is unchanged.
  assert.deepEqual(second, [127, 0, 128, 255, ...HALF_BLUE]);
});

Deno.test("joinApng() and splitApng() are each other's reverse", () => {
  const png = (value: number) => testPng([value, 1, 2], { width: 1, channels: 3, bits: 8 });
  const delays: [number, number][] = [[1, 30], [7, 100]];
  const joined = joinApng([png(9), png(8)], { delays, loop: 3 });
  const { width, height, loop, frames } = splitApng(joined);
  assert.deepEqual([width, height, loop], [1, 1, 3]);
  assert.deepEqual(frames.map(({ delay }) => delay), delays);
  assert.deepEqual(frames.map(({ png }) => png), [png(9), png(8)]);
});

Deno.test("an animated PNG is read whole and written whole, with its times and its text", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.png"),
      times = { delays: [[1, 30], [1, 2]] as [number, number][], loop: 2 };
    for (const bits of [8, 16] as const) {
      const png = (value: number) =>
        testPng(Array(12).fill(value), {
          ...{ width: 2, channels: 3, bits },
          chunks: [["tEXt", new TextEncoder().encode("Author\0Ada")]],
        });
      const values = bits === 8 ? [200, 7] : [51234, 700];
      await Deno.writeFile(path, joinApng(values.map(png), times));
      const picture = await readPicture(path);
      assert.deepEqual(picture.frames.map(({ color }) => color.data[0]), values);
      assert.deepEqual(picture.frames[0]!.opacity, undefined);
      await Deno.writeFile(path, await encodePicture(picture, picture.frames));
      const again = await readPicture(path);
      assert.deepEqual(again.frames, picture.frames);
      assert.deepEqual(again.animation, times);
      assert(
        (await Deno.readFile(path)).toString().includes(
          [..."Author"].map((c) => c.charCodeAt(0)).join(),
        ),
      );
    }
  }));

Deno.test("splitApng() refuses frames that leave the canvas and chunks that leave the file", () => {
  const png = testPng([1, 2, 3], { width: 1, channels: 3, bits: 8 });
  const joined = joinApng([png, png], { delays: [], loop: 0 });
  for (let at = 8; at < joined.length; at++) {
    const wrong = Uint8Array.from(joined);
    wrong[at] = 255;
    try {
      for (const { x, y, width, height } of splitApng(wrong).frames) {
        assert(x + width <= splitApng(wrong).width && y + height <= splitApng(wrong).height);
      }
    } catch (error) {
      assert(error instanceof PictureError, String(error));
    }
  }
});

Deno.test("splitApng() refuses a file that is cut between two frames or within one", () => {
  const png = testPng([1, 2, 3], { width: 1, channels: 3, bits: 8 });
  const joined = joinApng([png, png], { delays: [], loop: 0 });
  const last = joined.toString().split([..."fcTL"].map((c) => c.charCodeAt(0)).join()).at(-1)!;
  // where the last chunk's length field starts
  const between = joined.length - last.split(",").length - 7;
  assert.throws(
    () => splitApng(joined.subarray(0, between)),
    new PictureError("damaged: it has 1 of its 2 frames"),
  );
  assert.throws(
    () => splitApng(joined.subarray(0, between + 20)),
    new PictureError("damaged: it is cut short"),
  );
});
