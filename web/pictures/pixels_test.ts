import assert from "node:assert/strict";
import type { PublicSample } from "../live/wire.ts";
import { ladder, thin, transitions } from "./growth.ts";
import { collapsedSince, cutCell, difference, diversity, type Pixels, resize } from "./pixels.ts";

const grey = (side: number, value: number): Pixels => ({
  side,
  data: new Float32Array(side * side * 3).fill(value),
});

Deno.test("cutCell() takes the cell's own pixels without alpha", () => {
  // 2 × 1 cells of 1 px: red, then blue.
  const rgba = new Uint8ClampedArray([255, 0, 0, 255, 0, 0, 255, 255]);
  assert.deepEqual([...cutCell(rgba, { width: 2, left: 1, top: 0, side: 1 }).data], [0, 0, 255]);
});

Deno.test("resize() averages boxes and repeats pixels", () => {
  const four: Pixels = {
    side: 2,
    data: new Float32Array([0, 0, 0, 10, 20, 40, 20, 40, 80, 30, 60, 120]),
  };
  assert.deepEqual([...resize(four, 1).data], [15, 30, 60]);
  const back = resize(resize(four, 4), 2);
  assert.deepEqual(back.data, four.data);
});

Deno.test("difference() is 0 for equal pictures, 1 for black and white, at any size", () => {
  assert.equal(difference(grey(4, 7), grey(4, 7)), 0);
  assert.equal(difference(grey(4, 0), grey(2, 255)), 1);
});

Deno.test("diversity() is 0 for one picture repeated, and half for black and white halves", () => {
  assert.equal(diversity([grey(2, 90), grey(2, 90), grey(2, 90)]), 0);
  assert.ok(Math.abs(diversity([grey(2, 0), grey(2, 255)]) - 0.5) < 1e-9);
});

Deno.test("collapsedSince() finds a fall that lasts until now, not one that mended", () => {
  assert.equal(collapsedSince([0.1, 0.2, 0.19, 0.05, 0.04]), 3);
  assert.equal(collapsedSince([0.1, 0.2, 0.01, 0.2]), null);
  assert.equal(collapsedSince([]), null);
});

const sample = (imagesSeen: number, resolution: number): PublicSample => ({
  imagesSeen,
  resolution,
  phaseKind: "stabilize",
  alpha: 1,
  columns: 2,
  rows: 2,
  cell: resolution,
  weights: "ema",
  time: 0,
  url: `/${imagesSeen}`,
});

Deno.test("ladder() and transitions() pick the ends and the first of each resolution", () => {
  const all = [sample(1, 4), sample(2, 4), sample(3, 8), sample(4, 8), sample(5, 16)];
  assert.deepEqual(ladder(all).map((s) => s.imagesSeen), [2, 4, 5]);
  assert.deepEqual(
    transitions(all).map((t) => [t.before.imagesSeen, t.jump.imagesSeen, t.recovered.imagesSeen]),
    [[2, 3, 4], [4, 5, 5]],
  );
});

Deno.test("thin() keeps the first and the last", () => {
  const all = Array.from({ length: 100 }, (_, i) => sample(i, 4));
  const some = thin(all, 10);
  assert.equal(some.length, 10);
  assert.deepEqual([some[0], some[9]], [all[0], all[99]]);
  assert.deepEqual(thin(all.slice(0, 3), 10), all.slice(0, 3));
});
