/** Chooses which sample grids are written to an event file, which can only grow. */

/**
 * Whether a grid is written: the first `dense` of a phase, then every second up to 2 · `dense`,
 * every fourth up to 4 · `dense`, and so on. Of n grids, about `dense · (1 + log2(n / dense) / 2)`
 * are written.
 * @param index of the grid in its phase and session, from 0
 * @param dense 0: all are written
 */
export function isWritten(index: number, dense: number): boolean {
  if (index < dense || dense === 0) return true;
  return index % 2 ** (1 + Math.floor(Math.log2(index / dense))) === 0;
}
