/** Metrics of each sample grid, charted as curves in which a collapse would show. */
import { sampleDiversity } from "../../core/mod.ts";
import { inkRatio, latentDiversity, touchRate } from "./measure/ink.ts";
import { PREVIEW_COLUMNS, PREVIEW_PARTS } from "./preview.ts";

/**
 * @param images a grid of `sketchPreview()`: [rows · 8, R, R, 1] in [-1, 1], dark on light
 * @returns "parts/touch_rate", "parts/ink_ratio", and "parts/diversity" over latents; "diversity"
 * over sketches with "diversity/reals", which the collapse watch reads; metrics that these sketches
 * do not allow are absent
 */
export function sampleFigures(
  { data, shape }: { data: Float32Array; shape: number[] },
): Record<string, number> {
  const [cells = 0, resolution = 0] = shape, size = resolution ** 2;
  const ink = data.map((x) => -x);
  const cell = (row: number, column: number) => {
    const at = row * PREVIEW_COLUMNS + column;
    return ink.subarray(at * size, (at + 1) * size);
  };
  const join = (list: Float32Array[]) => {
    const out = new Float32Array(list.length * size);
    list.forEach((one, i) => out.set(one, i * size));
    return out;
  };
  const rows = Array.from({ length: cells / PREVIEW_COLUMNS }, (_, row) => row);
  const parts = Array.from({ length: PREVIEW_PARTS }, (_, i) => i + 2);
  const each = (pick: (row: number, column: number) => Float32Array) =>
    join(rows.flatMap((row) => parts.map((column) => pick(row, column))));
  const partials = each((row) => cell(row, 0)), drawn = each(cell);
  const reals = join(rows.map((row) => cell(row, 1)));
  const touch = touchRate(partials, drawn, { resolution, distance: Math.max(1, resolution / 32) });
  return {
    "parts/diversity": latentDiversity(drawn, { resolution, latents: PREVIEW_PARTS }),
    ...(touch.counted > 0 ? { "parts/touch_rate": touch.rate } : {}),
    ...(reals.some((x) => x > -1)
      ? { "parts/ink_ratio": inkRatio(drawn, reals, { resolution }).ratio }
      : {}),
    ...(rows.length > 1
      ? {
        diversity: sampleDiversity(join(rows.map((row) => cell(row, 2))), rows.length),
        "diversity/reals": sampleDiversity(reals, rows.length),
      }
      : {}),
  };
}
