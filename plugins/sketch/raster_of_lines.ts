/** Rasters of lines as the networks see them. */
import { type Box, cropMatrix, frameOf, type Polyline, rasterize } from "../../core/mod.ts";
import { lineWidthAt } from "./line_width.ts";

/**
 * Draws lines on paper with the line width of the data.
 * @param lines in the unit square
 * @param box crops to the square frame around it, see `frameOf`
 * @returns [side²] in [-1, 1], ink is 1
 */
export function rasterOfLines(lines: readonly Polyline[], side: number, box?: Box): Float32Array {
  const out = new Float32Array(side ** 2).fill(-1), lineWidth = lineWidthAt(side);
  const crop = box ? { matrix: cropMatrix(frameOf(box)) } : {};
  rasterize(lines, out, { resolution: side, lineWidth, ...crop });
  return out;
}
