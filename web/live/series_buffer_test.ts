import assert from "node:assert/strict";
import { SeriesBuffer } from "./series_buffer.ts";

Deno.test("a SeriesBuffer grows, fills gaps with NaN, and drops points that don't ascend", () => {
  const buffer = new SeriesBuffer();
  buffer.append({ imagesSeen: [1, 2], time: [1, 2], values: { a: [1, 2] }, cursor: "x" });
  buffer.append({
    imagesSeen: [2, 3],
    time: [2, 3],
    values: { a: [9, 3], b: [8, null] },
    cursor: "y",
  });
  for (let i = 4; i < 3000; i++) {
    buffer.append({ imagesSeen: [i], time: [i], values: { b: [i] }, cursor: String(i) });
  }
  assert.equal(buffer.length, 2999);
  assert.deepEqual([...buffer.column("a").subarray(0, 4)], [1, 2, 3, NaN]);
  assert.deepEqual([...buffer.column("b").subarray(0, 4)], [NaN, NaN, NaN, 4]);
  assert.equal(buffer.latest("a"), 3);
  assert.equal(buffer.latest("b"), 2999);
  assert.equal(buffer.cursor, "2999");
});
