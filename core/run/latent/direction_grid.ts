/** A grid of directions: one row each, from negative to positive amounts. */
import type { HostImages } from "../../images/mod.ts";
import type { DrawOptions } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { edited } from "./styled_image.ts";
import { drawStyled, type Source, stylesOf } from "./styled_images.ts";

/** Amount of each column. */
export const GRID_AMOUNTS = [-3, -2, -1, 0, 1, 2, 3] as const;

/**
 * Draws one source moved along directions, row by row.
 * @param steps the directions' steps, [F] each
 * @returns [directions · amounts, R, R, C] in [-1, 1]
 */
export async function drawDirections(
  run: LoadedRun,
  source: Source,
  steps: readonly Float32Array[],
  options: DrawOptions & { layers: readonly number[] },
): Promise<HostImages> {
  const { layers } = options, [image] = await stylesOf(run, [source], options);
  const cells = steps.flatMap((step) =>
    // one image per source
    GRID_AMOUNTS.map((amount) => edited(image!, [{ step, amount, layers }]))
  );
  return await drawStyled(run, cells, options);
}
