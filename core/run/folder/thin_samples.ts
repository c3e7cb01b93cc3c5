/** Chooses which sample grids of a long run to remove, so that their number stays bounded. */
import { readSamplePath, type SampleName } from "./sample_path.ts";

/** Number of newest grids that are kept whatever their spacing. */
export const NEWEST_KEPT = 20;

/**
 * Fraction of the limit that is kept once it is exceeded, so that grids are removed rarely, and
 * many at once.
 */
const LEFT = 3 / 4;

/** A grid by its name. */
interface Grid extends Required<SampleName> {
  path: string;
  /** True for the first and last grid of each phase, and for the newest: never removed. */
  stays: boolean;
}

/** The grids of one resolution, in order, and the spacing to which they are thinned. */
interface Group {
  grids: readonly Grid[];
  /** Minimum distance of grids, images; 0 before the first thinning. */
  spacing: number;
}

/**
 * Once there are more than `most` grids, repeatedly removes every second grid of the resolution
 * that has the most, until three quarters of `most` are left. The first and last grid of every
 * phase and the newest {@linkcode NEWEST_KEPT} are kept; the rest of a resolution stays evenly
 * spaced in images. Other paths are ignored.
 * @param paths paths from `samplePath()`, in any order
 * @param most limit; exceeded where more grids must be kept in any case. 0: no limit
 * @returns the paths to remove, oldest first
 */
export function surplusSamples(paths: readonly string[], most: number): string[] {
  const grids = gridsOf(paths);
  if (most === 0 || grids.length <= most) return [];
  const target = Math.floor(most * LEFT);
  const groups = [...Map.groupBy(grids, (g) => `${g.resolution} ${g.weights}`).values()]
    .map((of): Group => ({ grids: of, spacing: 0 }));
  for (let count = grids.length; count > target;) {
    const largest = groups.filter((group) => group.grids.some(({ stays }) => !stays))
      .reduce<Group | undefined>(
        (a, b) => a && a.grids.length >= b.grids.length ? a : b,
        undefined,
      );
    if (!largest) break;
    count -= largest.grids.length;
    thin(largest);
    count += largest.grids.length;
  }
  const kept = new Set(groups.flatMap((group) => group.grids));
  return grids.filter((grid) => !kept.has(grid)).map(({ path }) => path);
}

function gridsOf(paths: readonly string[]): Grid[] {
  const grids = [...new Set(paths)].flatMap((path): Grid[] => {
    const name = readSamplePath(path);
    return name ? [{ ...name, path, stays: false }] : [];
  }).sort((a, b) => a.imagesSeen - b.imagesSeen || (a.path < b.path ? -1 : 1));
  const phases = Map.groupBy(grids, (g) => `${g.resolution} ${g.phaseKind} ${g.weights}`);
  // no group is empty
  for (const phase of phases.values()) for (const i of [0, -1]) phase.at(i)!.stays = true;
  for (const grid of grids.slice(-NEWEST_KEPT)) grid.stays = true;
  return grids;
}

/** Doubles the spacing: removes every second one of evenly spaced grids. */
function thin(group: Group): void {
  const gaps = group.grids.slice(1).map((g, i) => g.imagesSeen - group.grids[i]!.imagesSeen);
  group.spacing = 2 * (group.spacing || Math.max(1, Math.min(...gaps)));
  let last = -Infinity;
  group.grids = group.grids.filter(({ imagesSeen, stays }) => {
    const isKept = stays || imagesSeen - last >= group.spacing;
    if (isKept) last = imagesSeen;
    return isKept;
  });
}
