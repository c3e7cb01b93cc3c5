import assert from "node:assert/strict";
import { onCheckerboard, onWhite, premultiply, unpremultiply } from "./opacity.ts";

Deno.test("colours are multiplied by their opacity, and what is transparent is 0", () => {
  const pixels = Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 0);
  assert.deepEqual([...premultiply(pixels)], [200, 100, 50, 255, 100, 50, 25, 128, 0, 0, 0, 0]);
});

Deno.test("dividing by the opacity brings colours back within its rounding", () => {
  for (const opacity of [255, 128, 16]) {
    const pixels = Uint8Array.of(200, 100, 50, opacity);
    const back = unpremultiply(premultiply(pixels));
    const within = Math.ceil(127.5 / opacity); // half a level of the product
    for (const [c, value] of pixels.entries()) assert.ok(Math.abs(back[c]! - value) <= within);
  }
  assert.deepEqual([...unpremultiply(Uint8Array.of(9, 9, 9, 0))], [0, 0, 0, 0]);
  assert.deepEqual([...unpremultiply(Uint8Array.of(90, 9, 0, 30))], [255, 77, 0, 30]);
});

Deno.test("a checkerboard shows where a picture is transparent: fields of 8 px", () => {
  const clear = onCheckerboard(new Uint8Array(16 * 16 * 4), 16);
  const at = (x: number, y: number) => [...clear.subarray((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)];
  assert.deepEqual([at(0, 0), at(7, 7), at(8, 8)], Array(3).fill([255, 255, 255]));
  assert.deepEqual([at(8, 0), at(0, 8), at(15, 7)], Array(3).fill([204, 204, 204]));
  assert.deepEqual([...onCheckerboard(Uint8Array.of(10, 20, 30, 255), 1)], [10, 20, 30]);
});

Deno.test("on white, half of a colour and half of white", () => {
  assert.deepEqual([...onWhite(Uint8Array.of(100, 0, 0, 128))], [227, 127, 127]);
  assert.deepEqual([...onWhite(new Uint8Array(4))], [255, 255, 255]);
});
