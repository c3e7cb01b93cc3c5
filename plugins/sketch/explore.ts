/** The dashboard's Explore page: strokes in, ways to go on out. */
import sharp from "sharp";
import { defineExplore, type OpenedRun, type Strokes } from "../../core/mod.ts";
import { completeSketch } from "./complete/complete_sketch.ts";
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
  async draw(run, { strokes, part, seeds }) {
    const { resolution } = run.context.phase, { alpha } = run.context;
    const partial = await rasterOf(strokes, resolution);
    const size = resolution ** 2, data = new Float32Array(seeds.length * size);
    for (const [i, seed] of seeds.entries()) {
      const { merged } = run.withAverage(() =>
        completeSketch(run.model, partial, {
          resolution,
          alpha,
          steps: 1,
          parts: part === null ? [] : [part],
          seed,
          index: 0,
        })
      );
      data.set(merged.map((value) => -value), i * size); // dark on light
    }
    return { data, shape: [seeds.length, resolution, resolution, 1] };
  },
});

/**
 * Strokes as the networks see sketches; the pad's side is the raster's.
 * @returns [resolution²] in [-1, 1], ink is 1
 * @throws RangeError where there is nothing to go on with
 */
export async function rasterOf(
  strokes: Strokes,
  resolution: number,
): Promise<Float32Array> {
  const lineWidth = lineWidthAt(resolution) / resolution; // as a part of the side
  const lines = strokes.filter((stroke) => stroke.length > 0).map((stroke) => {
    const points = [...stroke, stroke[0]!].slice(0, Math.max(2, stroke.length)); // a dot is a line of no length
    return `<polyline points="${points.map(([x, y]) => `${x * SIDE},${y * SIDE}`).join(" ")}"/>`;
  });
  if (lines.length === 0) {
    throw new RangeError("Cannot complete: expected a sketch with lines, received a blank one");
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">` +
    `<rect width="100%" height="100%" fill="#fff"/><g fill="none" stroke="#000" stroke-width="${
      lineWidth * SIDE
    }" stroke-linecap="round" stroke-linejoin="round">${lines.join("")}</g></svg>`;
  const grey = await sharp(new TextEncoder().encode(svg)).greyscale().raw().toBuffer();
  const ink = Float32Array.from(grey, (value) => 1 - value / 255);
  return thickenLines({ ink, side: SIDE }, { resolution, lineWidth });
}
