import assert from "node:assert/strict";
import { rgbaOf } from "./picture.ts";

Deno.test("grey and RGB become opaque bytes", () => {
  assert.deepEqual([...rgbaOf(Float32Array.of(-1, 1), 1)], [0, 0, 0, 255, 255, 255, 255, 255]);
  assert.deepEqual([...rgbaOf(Float32Array.of(1, 0, -2), 3)], [255, 128, 0, 255]);
});

Deno.test("four channels keep their opacity, and colours are no longer multiplied by it", () => {
  const half = 2 * 128 / 255 - 1; // 128 of 255
  assert.deepEqual([...rgbaOf(Float32Array.of(half, -1, -1, half), 4)], [255, 0, 0, 128]);
  assert.deepEqual([...rgbaOf(Float32Array.of(-1, -1, -1, -1), 4)], [0, 0, 0, 0]);
});
