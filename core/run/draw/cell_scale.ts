/** The default size of the cells of a run's grids. */
import type { LoadedRun } from "../loaded_run.ts";

/** The factor that enlarges cells to 64 px, or 1 where the run's resolution is higher. */
export const cellScale = ({ resolution }: Pick<LoadedRun, "resolution">): number =>
  Math.max(1, Math.floor(64 / resolution));
