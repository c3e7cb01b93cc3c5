/** Draws lines with the width that they have in training. */
import { rasterize } from "../../../core/mod.ts";
import type { InkPicture } from "./thicken_lines.ts";

/**
 * @param lines x and y by turns, in the unit square; one point alone is no line
 * @param options.side of the picture, px
 * @param options.lineWidth as a part of the side
 */
export function inkOfLines(
  lines: readonly Float32Array[],
  { side, lineWidth }: { side: number; lineWidth: number },
): InkPicture {
  const ink = new Float32Array(side * side).fill(-1);
  rasterize(lines, ink, { resolution: side, lineWidth: lineWidth * side });
  for (let i = 0; i < ink.length; i++) ink[i] = (ink[i]! + 1) / 2; // -1 is paper there
  return { ink, side };
}
