/** Averages of what steps measure, over an interval of images. */

/** Sums by name; plain data, kept in checkpoints. */
export type RunningMeans = Record<string, { sum: number; count: number }>;

/** Adds one measurement of each name. */
export function addTo(interval: RunningMeans, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const entry = interval[name] ??= { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
  }
}

/** What each line of `stats.jsonl` says beside its values. */
const TAKEN: readonly string[] = ["time", "imagesSeen"];

/**
 * Refuses names that a curve can't have.
 * @param name as a plugin charts or reports it
 * @throws TypeError for what is no name, RangeError for "time" and "imagesSeen"
 */
export function expectChartName(name: string): void {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`Cannot chart: expected a name, received ${JSON.stringify(name)}`);
  }
  if (!TAKEN.includes(name)) return;
  throw new RangeError(
    `Cannot chart "${name}": expected a name other than ${
      TAKEN.join(" and ")
    }, which every point of a curve has. ` +
      `Give it a prefix, e.g. "mine/${name}"`,
  );
}

/** What is charted of a step's values: all but names that begin with "_". */
export function charted(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("_")));
}

/** The mean of each name. */
export function averagesOf(interval: RunningMeans): Record<string, number> {
  return Object.fromEntries(
    Object.entries(interval).map(([name, { sum, count }]) => [name, sum / count]),
  );
}
