import assert from "node:assert/strict";
import { sampleFigures } from "./chart_samples.ts";
import { PREVIEW_COLUMNS, PREVIEW_PARTS } from "./preview.ts";

/** A grid of one row of 4×4 cells, dark on light, with ink at the given pixels of each cell. */
function grid(cells: number[][]) {
  const data = new Float32Array(PREVIEW_COLUMNS * 16).fill(1);
  cells.forEach((pixels, i) => pixels.forEach((pixel) => data[i * 16 + pixel] = -1));
  return { data, shape: [PREVIEW_COLUMNS, 4, 4, 1] };
}

Deno.test("sampleFigures() takes partial, real and drawn parts from their columns", () => {
  const half = PREVIEW_PARTS - 2;
  // The partial sketch has ink at 0, the real part at 1 and 2, drawn parts at 1 (near) or 15 (far).
  const near = Array.from({ length: 2 }, () => [1]), far = Array.from({ length: half }, () => [15]);
  const figures = sampleFigures(grid([[0], [1, 2], ...near, ...far, [0, 1]]));
  assert.ok(Math.abs(figures["parts/touch_rate"]! - 2 / PREVIEW_PARTS) < 1e-6);
  assert.ok(Math.abs(figures["parts/ink_ratio"]! - 0.5) < 1e-6);
  const pairs = PREVIEW_PARTS * (PREVIEW_PARTS - 1) / 2, differing = 2 * half;
  const distance = Math.sqrt(2 * 4 / 16); // two pixels differ by 2
  assert.ok(Math.abs(figures["parts/diversity"]! - distance * differing / pairs) < 1e-6);
});

Deno.test("sampleFigures() compares parts of different sketches with the real ones", () => {
  const row = (real: number, drawn: number) =>
    grid([[0], [real], ...Array.from({ length: PREVIEW_PARTS }, () => [drawn]), [0]]);
  const rows = [row(1, 3), row(2, 3)]; // different real parts, the same drawn part
  const data = Float32Array.from(rows.flatMap((one) => [...one.data]));
  const figures = sampleFigures({ data, shape: [2 * PREVIEW_COLUMNS, 4, 4, 1] });
  assert.equal(figures["diversity"], 0);
  assert.ok(Math.abs(figures["diversity/reals"]! - Math.sqrt(2 * 4 / 16)) < 1e-6);
});

Deno.test("sampleFigures() leaves out what blank sketches don't allow", () => {
  assert.deepEqual(Object.keys(sampleFigures(grid([]))), ["parts/diversity"]);
});
