/** A completed sketch as strokes that drawing programs can open. */
import { type Polyline, strokesSvg, traceStrokes } from "../../../core/mod.ts";
import { lineWidthAt } from "../line_width.ts";
import type { CompletionStep } from "./complete_sketch.ts";
import type { ReadSketch } from "./read_sketch.ts";

/**
 * Makes a group of the sketch's own or traced lines, then a group of each part's lines. Parts
 * without lines of their own are traced. Blank paper has no group.
 * @param side of the rasters, px
 */
export function completionSvg(
  { raster, lines }: ReadSketch,
  steps: readonly CompletionStep[],
  side: number,
): string {
  const width = lineWidthAt(side) / side;
  const strokes = (raster: Float32Array, lines: readonly Polyline[] | undefined) =>
    lines ? { lines, widths: lines.map(() => width) } : traceStrokes(raster, side);
  const sketch = strokes(raster, lines);
  return strokesSvg([
    ...(sketch.lines.length > 0 ? [{ id: "sketch", ...sketch }] : []),
    ...steps.map(({ part, name, lines }, i) => ({
      id: `part-${i + 1}`,
      title: name,
      ...strokes(part, lines),
    })),
  ]);
}
