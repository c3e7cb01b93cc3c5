/** Line widths of rasters. */

/** Line width of the data, as a fraction of the side (DoodlerGAN's 16 on a canvas of 560) … */
const LINE_WIDTH = 1 / 35;
/** … but at least this many px. */
const LEAST_PX = 1;

/** Line width at a resolution, px. */
export function lineWidthAt(resolution: number): number {
  return Math.max(LEAST_PX, LINE_WIDTH * resolution);
}
