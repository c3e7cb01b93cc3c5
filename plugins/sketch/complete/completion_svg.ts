/** A completed sketch as strokes that a drawing program opens. */
import { strokesSvg, traceStrokes } from "../../../core/mod.ts";
import { lineWidthAt } from "../line_width.ts";
import type { CompletionStep } from "./complete_sketch.ts";
import type { ReadSketch } from "./read_sketch.ts";

/** The sketch with its own lines, or traced ones, then each part as it was drawn: a group each. */
export function completionSvg(
  { raster, lines }: ReadSketch,
  steps: readonly CompletionStep[],
  resolution: number,
): string {
  const sketch = lines
    ? { lines, width: lineWidthAt(resolution) / resolution }
    : traceStrokes(raster, resolution);
  return strokesSvg([
    { id: "sketch", ...sketch },
    ...steps.map(({ part, name }, i) => ({
      id: `part-${i + 1}`,
      title: name,
      ...traceStrokes(part, resolution),
    })),
  ]);
}
