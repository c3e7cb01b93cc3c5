/** Checks the size of a picture or animation before it is drawn. */
import { frameFault, gridSize } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { cellScale } from "./cell_scale.ts";

/** Maximum number of pixels of all frames together: encoders hold them in memory at once. */
const MOST_PIXELS = 300_000_000;

/**
 * Checks the size of a grid of a run's images.
 * @param count number of images
 * @param options.scale default: cells of 64 px
 * @throws RunError where it would be too large
 */
export function expectGrid(
  run: Pick<LoadedRun, "resolution">,
  count: number,
  { columns, scale = cellScale(run) }: {
    columns?: number | undefined;
    scale?: number | undefined;
  },
): void {
  const { resolution } = run;
  const given = { scale, ...(columns === undefined ? {} : { columns }) };
  try {
    gridSize([count, resolution, resolution], given);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RunError(`${cause.message}. Use a smaller --scale or fewer columns`, { cause });
  }
}

/**
 * Checks the size of an animation.
 * @param path its extension determines the format
 * @param asked.the action, for the message
 * @param asked.flag the flag that sets the size
 * @param asked.fewer advice on another way to reduce pixels
 * @param size of a frame, px, and the number of frames
 * @throws RunError where a frame would be too large or too small, or all frames together too large
 */
export function expectAnimation(
  path: string,
  { what, flag, fewer = "" }: { what: string; flag: string; fewer?: string },
  { width, height, frames }: { width: number; height: number; frames: number },
): void {
  const fault = frameFault(path, { width, height });
  if (fault !== undefined) throw new RunError(`Cannot ${what}: ${fault}. Use another ${flag}`);
  if (frames * width * height <= MOST_PIXELS) return;
  throw new RunError(
    `Cannot ${what}: expected at most ${MOST_PIXELS / 1e6} million pixels in all, received ` +
      `${frames} frames of ${width}×${height} px. Use a smaller ${flag}${fewer}`,
  );
}
