/** Which cells of a sample grid the generator drew: all, or those that the plugin names. */
import type { PublicSample } from "../live/wire.ts";

type Grid = Pick<PublicSample, "columns" | "rows" | "drawn">;

/** Positions of the drawn cells in the grid, row by row; one of them is followed on the page. */
export function drawnCells({ columns, rows, drawn }: Grid): number[] {
  const all = Array.from({ length: columns * rows }, (_, i) => i);
  return drawn ? all.filter((i) => drawn.includes(i % columns)) : all;
}

/**
 * The drawn cell at a position of the grid, or the nearest one in its row.
 * @returns its index in {@linkcode drawnCells}; null if its row has none
 */
export function drawnAt(grid: Grid, place: { column: number; row: number }): number | null {
  const cells = drawnCells(grid);
  const away = (cell: number) => Math.abs(cell % grid.columns - place.column);
  const inRow = cells.filter((cell) => Math.floor(cell / grid.columns) === place.row);
  if (inRow.length === 0) return null;
  return cells.indexOf(inRow.reduce((a, b) => away(b) < away(a) ? b : a));
}

/**
 * Applies the newest grid's drawn cells to older grids, of a run that began before its plugin named
 * them. They are the same for all grids, so that pictures of different times can be compared.
 */
export function drawnAlike<T extends Grid>(samples: readonly T[]): readonly T[] {
  const newest = samples.at(-1);
  if (!newest?.drawn || samples[0]!.drawn) return samples;
  const { columns, drawn } = newest;
  return samples.map((one) => one.drawn || one.columns !== columns ? one : { ...one, drawn });
}

/** What one picture of a run's grids is called: if all are drawn from latents, each is a seed. */
export function wordFor(sample: Pick<PublicSample, "drawn"> | undefined): "Seed" | "Picture" {
  return sample?.drawn ? "Picture" : "Seed";
}
