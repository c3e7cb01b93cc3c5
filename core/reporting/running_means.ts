/** Averages of step measurements over an interval of the curves. */

/** Sums by name; plain data, since checkpoints keep it. */
export type RunningMeans = Record<string, { sum: number; count: number }>;

/** Adds one measurement of each name. */
export function addTo(interval: RunningMeans, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const entry = interval[name] ??= { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
  }
}

/** Names that each line of `stats.jsonl` uses besides its values. */
const RESERVED: readonly string[] = ["time", "imagesSeen"];

/**
 * @param name as a plugin charts or reports it
 * @throws TypeError for an empty name or no string, RangeError for "time" and "imagesSeen"
 */
export function expectChartName(name: string): void {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`Cannot chart: expected a name, received ${JSON.stringify(name)}`);
  }
  if (!RESERVED.includes(name)) return;
  throw new RangeError(
    `Cannot chart "${name}": expected a name other than ${
      RESERVED.join(" and ")
    }, which every point of a curve has. ` +
      `Give it a prefix, e.g. "mine/${name}"`,
  );
}

/** The step's values that are charted: all but those whose names begin with "_". */
export function charted(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("_")));
}

export function averagesOf(interval: RunningMeans): Record<string, number> {
  return Object.fromEntries(
    Object.entries(interval).map(([name, { sum, count }]) => [name, sum / count]),
  );
}
