/** Draws lines as wide as they are in training. */
import { rasterize } from "../../../core/mod.ts";
import type { InkPicture } from "./thicken_lines.ts";

/**
 * @param lines alternating x and y, in the unit square; a single point is not a line
 * @param options.side of the picture, px
 * @param options.lineWidth as a fraction of the side
 */
export function inkOfLines(
  lines: readonly Float32Array[],
  { side, lineWidth }: { side: number; lineWidth: number },
): InkPicture {
  const ink = new Float32Array(side * side).fill(-1);
  rasterize(lines, ink, { resolution: side, lineWidth: lineWidth * side });
  // from [-1, 1], where -1 is paper
  for (let i = 0; i < ink.length; i++) ink[i] = (ink[i]! + 1) / 2;
  return { ink, side };
}
