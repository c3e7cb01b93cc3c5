/** How large the cells of a run's grids are where nobody says it. */
import type { LoadedRun } from "../loaded_run.ts";

/** Pixels a pixel, a side, so that a cell has 64 px or the run's own more. */
export const cellScale = ({ resolution }: Pick<LoadedRun, "resolution">): number =>
  Math.max(1, Math.floor(64 / resolution));
