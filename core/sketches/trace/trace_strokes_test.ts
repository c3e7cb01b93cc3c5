import assert from "node:assert/strict";
import { placedLines } from "../placed_lines.ts";
import { rasterize } from "../rasterize.ts";
import { strokesSvg } from "./strokes_svg.ts";
import { centerPoints } from "./center_points.ts";
import { extendEnds } from "./extend_ends.ts";
import { thin } from "./thin.ts";
import { type TracedStrokes, traceStrokes } from "./trace_strokes.ts";

const SIDE = 64;

/** Lines in px, drawn with a pen. */
function drawn(lines: number[][], lineWidth: number, side = SIDE): Float32Array {
  const ink = new Float32Array(side * side).fill(-1);
  const unit = lines.map((line) => Float32Array.from(line, (value) => value / side));
  rasterize(unit, ink, { resolution: side, lineWidth });
  return ink;
}

/** Points of a circle in px. */
const circle = (x: number, y: number, radius: number, from = 0, to = 2 * Math.PI) =>
  Array.from({ length: 65 }, (_, i) => {
    const angle = from + (to - from) * i / 64;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  }).flat();

const drawings: Record<string, { lines: number[][]; strokes: number }> = {
  "a line": { lines: [[8, 10, 52, 33]], strokes: 1 },
  "a corner": { lines: [[10, 50, 10, 12, 50, 12]], strokes: 1 },
  "a circle": { lines: [circle(32, 32, 20)], strokes: 1 },
  "an arc": { lines: [circle(32, 36, 22, Math.PI, 2 * Math.PI)], strokes: 1 },
  "a cross": { lines: [[8, 8, 56, 56], [8, 56, 56, 8]], strokes: 2 },
  "a T": { lines: [[8, 12, 56, 12], [32, 12, 32, 56]], strokes: 2 },
  "three lines apart": { lines: [[6, 8, 58, 8], [6, 30, 58, 34], [6, 56, 58, 50]], strokes: 3 },
  "a dot": { lines: [[30.5, 30.5, 30.5, 30.5]], strokes: 1 },
};

for (const [name, { lines, strokes }] of Object.entries(drawings)) {
  for (const width of [1, 2, 4]) {
    Deno.test(`${name} of ${width} px is traced as ${strokes}, and drawn again as it was`, () => {
      const ink = drawn(lines, width), traced = traceStrokes(ink, SIDE);
      assert.equal(traced.lines.length, strokes);
      for (const pen of traced.widths) {
        assert.ok(Math.abs(pen * SIDE - width) <= 0.25 * width + 0.25, `${pen * SIDE} px`);
      }
      const again = redrawn(traced);
      const { lost, added, of } = difference(ink, again);
      assert.ok(lost <= 0.08 * of + 2 && added <= 0.08 * of + 2, `${lost} and ${added} of ${of}`);
    });
  }
}

/** Pixels of one picture's ink that are more than a pixel away from the other's. */
function difference(before: Float32Array, after: Float32Array) {
  const isInk = (ink: Float32Array, x: number, y: number) => (ink[y * SIDE + x] ?? -1) >= 0;
  const isNear = (ink: Float32Array, x: number, y: number) =>
    [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => isInk(ink, x + dx, y + dy)));
  let lost = 0, added = 0, of = 0;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (isInk(before, x, y)) of++;
      if (isInk(before, x, y) && !isNear(after, x, y)) lost++;
      if (isInk(after, x, y) && !isNear(before, x, y)) added++;
    }
  }
  return { lost, added, of };
}

Deno.test("thin() leaves lines of one pixel, and none less", () => {
  const ink = Uint8Array.from(drawn([[8, 20, 56, 20]], 6), (value) => value > 0 ? 1 : 0);
  const thinned = thin(ink, SIDE);
  for (let x = 12; x < 52; x++) {
    const column = Array.from({ length: SIDE }, (_, y) => thinned[y * SIDE + x]!);
    assert.equal(column.reduce((sum, value) => sum + value), 1, `column ${x}`);
  }
  assert.deepEqual(thin(new Uint8Array(16), 4), new Uint8Array(16));
});

Deno.test("an empty picture has no strokes", () => {
  assert.deepEqual(traceStrokes(new Float32Array(SIDE * SIDE).fill(-1), SIDE).lines, []);
});

Deno.test("an SVG of strokes is read again as the same lines, parts in their order", async () => {
  const { lines, widths } = traceStrokes(drawn(drawings["a T"]!.lines, 2), SIDE);
  const svg = strokesSvg([
    { id: "input", lines: lines.slice(0, 1), widths },
    { id: "part-1", title: 'a <"beak">', lines: lines.slice(1), widths },
  ]);
  assert.match(svg, /<title>a &lt;&quot;beak&quot;><\/title>/);
  assert.ok(svg.indexOf('id="input"') < svg.indexOf('id="part-1"'));
  assert.equal(svg.match(/<path /g)?.length, 2);
  const { lines: read } = await placedLines(new TextEncoder().encode(svg), "a.svg");
  assert.equal(read.length, lines.length);
  for (const [i, line] of lines.entries()) {
    for (const end of [0, line.length - 2]) {
      const at = end === 0 ? 0 : read[i]!.length - 2;
      assert.ok(Math.abs(read[i]![at]! - line[end]!) < 1e-3);
    }
  }
});

Deno.test("a curve goes through its points, a corner stays one", () => {
  const curve = strokesSvg([{
    id: "a",
    lines: [Float32Array.of(0, 0, 0.5, 0.1, 1, 0)],
    widths: [0.1],
  }]);
  assert.match(curve, /M0,0C0,0 \d+(\.\d+)?,25\.6 128,25\.6C/);
  const corner = strokesSvg([{
    id: "a",
    lines: [Float32Array.of(0, 0, 0.5, 0, 0.5, 1)],
    widths: [0.1],
  }]);
  assert.match(corner, /d="M0,0L128,0L128,256"/);
});

const redrawn = ({ lines, widths }: TracedStrokes) => {
  const again = new Float32Array(SIDE * SIDE).fill(-1);
  for (const [i, line] of lines.entries()) {
    rasterize([line], again, { resolution: SIDE, lineWidth: widths[i]! * SIDE });
  }
  return again;
};

const inkOf = (raster: Float32Array) => raster.reduce((sum, value) => sum + (value + 1) / 2, 0);

for (const [name, { lines }] of Object.entries(drawings)) {
  Deno.test(`${name}, drawn again, has the ink that it had`, () => {
    const ink = drawn(lines, 2), again = redrawn(traceStrokes(ink, SIDE));
    assert.ok(Math.abs(inkOf(again) / inkOf(ink) - 1) < 0.02, `${inkOf(again)} of ${inkOf(ink)}`);
  });
}

Deno.test("strokes of different pens are traced with their own, and have the picture's ink", () => {
  const ink = drawn([[8, 10, 56, 12]], 1.5);
  for (
    const [lines, width] of [
      [[[8, 30, 54, 26]], 5],
      [[circle(22, 45, 9)], 3],
      [[[50, 48, 50, 48]], 8], // a dot
    ] as const
  ) drawn(lines.map((line) => [...line]), width).forEach((x, i) => ink[i] = Math.max(ink[i]!, x));
  const traced = traceStrokes(ink, SIDE), expected = [1.5, 5, 3, 8]; // from the top on
  assert.deepEqual(traced.lines.length, 4);
  traced.widths.forEach((width, i) =>
    assert.ok(Math.abs(width * SIDE / expected[i]! - 1) < 0.12, `${i}: ${width * SIDE} px`)
  );
  const again = redrawn(traced), { lost, added, of } = difference(ink, again);
  assert.ok(Math.abs(inkOf(again) / inkOf(ink) - 1) < 0.02, `${inkOf(again)} of ${inkOf(ink)}`);
  assert.ok(lost <= 0.02 * of && added <= 0.02 * of, `${lost} and ${added} of ${of}`);
  // a thin line over a wide one: each keeps its pen
  const cross = drawn([[6, 32, 58, 32]], 6);
  drawn([[30, 6, 34, 58]], 2).forEach((x, i) => cross[i] = Math.max(cross[i]!, x));
  const pens = traceStrokes(cross, SIDE).widths.map((width) => width * SIDE).sort((a, b) => a - b);
  assert.equal(pens.length, 2);
  assert.ok(Math.abs(pens[0]! - 2) < 0.4 && Math.abs(pens[1]! - 6) < 0.6, `${pens}`);
  const svg = strokesSvg([{ id: "a", ...traced }]);
  assert.equal(svg.match(/ stroke-width="[\d.]+"\/>/g)?.length, 3); // the group's is one's
  const same = strokesSvg([{ id: "a", ...traceStrokes(drawn(drawings["a T"]!.lines, 2), SIDE) }]);
  assert.equal(same.match(/stroke-width=/g)?.length, 1);
});

Deno.test("a line's ends lie where the pen was, and its points in the middle of its ink", () => {
  const [x0, y0, x1, y1] = [8.3, 10.2, 52.1, 33.4] as const, length = Math.hypot(x1 - x0, y1 - y0);
  for (const width of [1, 2, 4, 7]) {
    const [line] = traceStrokes(drawn([[x0, y0, x1, y1]], width), SIDE).lines;
    const points = line!.map((value) => value * SIDE), last = points.length - 2;
    for (const [at, x, y] of [[0, x0, y0], [last, x1, y1]] as const) {
      const apart = Math.hypot(points[at]! - x, points[at + 1]! - y);
      assert.ok(apart < 0.15 * width + 0.5, `${width} px: ${apart}`);
    }
    for (let i = 2; i < last; i += 2) {
      const across = (points[i]! - x0) * (y1 - y0) - (points[i + 1]! - y0) * (x1 - x0);
      assert.ok(Math.abs(across / length) < 0.3, `${width} px: ${across / length}`);
    }
  }
});

Deno.test("extendEnds() goes as far as ink goes, less the pen's round end, and leaves rings", () => {
  const ink = drawn([[10, 20.5, 40, 20.5]], 4); // to 42 px with its round end
  const how = { ink, side: SIDE, width: 4 };
  const line = extendEnds([14, 20.5, 20, 20.5, 37, 20.5], how);
  const expected = [10, 20.5, 20, 20.5, 40, 20.5];
  line.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= 0.3, `${line}`));
  const ring = [14, 20.5, 20, 25, 14, 20.5];
  assert.deepEqual(extendEnds(ring, how), ring);
  // where the ink goes on beyond a pen's width it is another line's
  const short = extendEnds([14, 20.5, 20, 20.5], how);
  assert.ok(Math.abs(short.at(-2)! - 24) <= 0.3, `${short}`);
});

Deno.test("centerPoints() moves points across their line alone, to the middle of its ink", () => {
  const ink = drawn([[10, 20.8, 40, 20.8]], 3), how = { ink, side: SIDE, width: 3 };
  const moved = centerPoints([14, 20.5, 20, 20, 26, 21.5, 32, 20.5], how);
  assert.deepEqual([moved[0], moved[1], ...moved.slice(-2)], [14, 20.5, 32, 20.5]);
  assert.ok(Math.abs(moved[3]! - 20.8) < 0.1 && Math.abs(moved[5]! - 20.8) < 0.1, `${moved}`);
  assert.deepEqual(centerPoints([5, 5, 5, 5, 5, 5], how), [5, 5, 5, 5, 5, 5]); // no direction
});
