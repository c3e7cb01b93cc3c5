/** Style mixing grids of seeds and projected pictures. */
import { writeGrid } from "../../images/mod.ts";
import { cellScale } from "../draw/cell_scale.ts";
import { crossoverOf, type MixStylesOptions, withCorner } from "../draw/mix_styles.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { expectLatentSpace } from "./latent_space.ts";
import { crossed } from "./styled_image.ts";
import { drawStyled, type Source, stylesOf } from "./styled_images.ts";

/**
 * Writes a PNG like `Run.mix`, for sources of either kind: the sources in the first row and column,
 * and in the cells each row's image with the column's styles from the crossover on.
 * @throws RunError where the model has no styles, the crossover is out of range, or a name is not
 * that of a projected picture
 */
export async function writeMixedSources(
  run: LoadedRun,
  path: string,
  sources: { rows: readonly Source[]; columns: readonly Source[] },
  options: MixStylesOptions & { scale?: number | undefined } = {},
): Promise<void> {
  const { layers: count } = expectLatentSpace(run, "mix styles");
  const { layers, scale = cellScale(run) } = options, crossover = crossoverOf(run, count, options);
  const isFine = (layer: number) => layers ? layers[layer] === true : layer >= crossover;
  const columns = await stylesOf(run, sources.columns, options);
  const rows = await stylesOf(run, sources.rows, options);
  const cells = rows.flatMap((row) => [
    row,
    ...columns.map((column) => crossed(row, column, isFine)),
  ]);
  const images = await drawStyled(run, [...columns, ...cells], options);
  await writeGrid(path, withCorner(images), { columns: columns.length + 1, scale });
}
