/** The dashboard's Explore page: completes strokes that are drawn on a pad. */
import { defineExplore, type OpenedRun, type Strokes } from "../../core/mod.ts";
import { completeSketch } from "./complete/complete_sketch.ts";
import { drawnSide, sketchOf } from "./complete/draw_next.ts";
import { completionSvg } from "./complete/completion_svg.ts";
import { inkOfLines } from "./complete/line_ink.ts";
import { thickenLines } from "./complete/thicken_lines.ts";
import { lineWidthAt } from "./line_width.ts";
import type { SketchModel } from "./model.ts";

/** Side at which strokes are drawn before they are reduced, px. */
const SIDE = 512;

export const sketchExplore = defineExplore({
  title: "Complete a sketch",
  pictures: "Nine ways to go on with the sketch",
  controls: ({ model }: OpenedRun<SketchModel>) => ({
    strokes: { kind: "strokes", label: "Sketch pad" },
    part: {
      kind: "choice",
      label: "Part to draw next",
      options: model.classes,
      none: "Let it choose",
    },
    seeds: { kind: "seed", label: "Seed", pictures: 9 },
  }),
  // deno-lint-ignore require-await -- errors have to reject the promise
  async draw(run, { strokes, part, seeds }) {
    const { resolution } = run.context.phase, { alpha } = run.context;
    const side = drawnSide(run.model, resolution);
    const lines = linesOf(strokes), raster = rasterOf(strokes, side);
    const sketch = sketchOf(run.model, { raster, lines });
    const size = side ** 2, data = new Float32Array(seeds.length * size);
    const svgs: string[] = [];
    for (const [i, seed] of seeds.entries()) {
      const { merged, steps } = run.withAverage(() =>
        completeSketch(run.model, sketch, {
          resolution,
          alpha,
          steps: 1,
          parts: part === null ? [] : [part],
          seed,
          index: 0,
        })
      );
      data.set(merged.map((value) => -value), i * size); // dark on light
      svgs.push(completionSvg({ raster, lines }, steps, side));
    }
    return { data, shape: [seeds.length, side, side, 1], svgs };
  },
});

/**
 * Draws strokes as the networks see sketches; the pad fills the whole raster.
 * @returns [resolution²] in [-1, 1], ink is 1
 * @throws RangeError where there are no strokes
 */
export function rasterOf(
  strokes: Strokes,
  resolution: number,
): Float32Array {
  const lineWidth = lineWidthAt(resolution) / resolution; // as a fraction of the side
  const lines = linesOf(strokes);
  if (lines.length === 0) {
    throw new RangeError("Cannot complete: expected a sketch with lines, received a blank one");
  }
  return thickenLines(inkOfLines(lines, { side: SIDE, lineWidth }), { resolution, lineWidth });
}

/** Each stroke's points, as alternating x and y. */
function linesOf(strokes: Strokes): Float32Array[] {
  return strokes.filter((stroke) => stroke.length > 0).map((stroke) =>
    // a single point becomes a line of zero length, which is drawn as a dot
    Float32Array.from([...stroke, stroke[0]!].slice(0, Math.max(2, stroke.length)).flat())
  );
}
