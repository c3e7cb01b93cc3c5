/**
 * Decides which series share a chart: they are grouped by the prefix of their names before the "/".
 */

/** The series of one chart. */
export interface SeriesGroup {
  title: string;
  /** Prefix such as "loss", which is also the key in the page's state. */
  key: string;
  names: string[];
  note?: string;
}

/** A chart that a plugin declares. */
interface Declared {
  kind: string;
  plugin: string;
  name: string;
  title: string;
  note?: string;
}

const titles: Record<string, string> = {
  loss: "Losses",
  term: "Loss terms",
  score: "Discriminator scores",
  metric: "Metrics",
  rate: "Throughput",
  learning_rate: "Learning rate",
  alpha: "Fade α",
  worker_lag: "Worker lag, ms",
  diversity: "Diversity",
};

/**
 * Groups series by prefix, known prefixes first. Series that a plugin's curves panel names come
 * last, under the panel's title.
 * @param names e.g. "loss/generator", "alpha"
 * @param panels of the run's plugins; those that are not of kind "curves" are ignored
 */
export function groupSeries(
  names: readonly string[],
  panels: readonly (Declared & { series?: readonly string[] })[] = [],
): SeriesGroup[] {
  const declared = panels.filter(({ kind }) => kind === "curves").map((panel): SeriesGroup => ({
    key: `${panel.plugin}.${panel.name}`,
    title: panel.title,
    names: (panel.series ?? []).filter((name) => names.includes(name)),
    ...(panel.note ? { note: panel.note } : {}),
  })).filter((group) => group.names.length > 0);
  const taken = new Set(declared.flatMap((group) => group.names));
  const groups = new Map<string, string[]>();
  for (const name of names) {
    if (taken.has(name)) continue;
    const key = name.includes("/") ? name.slice(0, name.indexOf("/")) : name;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const order = Object.keys(titles);
  const rank = (key: string) => (order.indexOf(key) + order.length + 1) % (order.length + 1);
  const byPrefix = [...groups].map(([key, members]) => ({
    key,
    title: titles[key] ?? capital(key.replaceAll("_", " ")),
    names: members.sort(),
  })).sort((a, b) => rank(a.key) - rank(b.key) || a.key.localeCompare(b.key));
  return [...byPrefix, ...declared];
}

/**
 * A series' name within its chart, e.g. "generator" for "loss/generator".
 * @param name full name
 */
export function shortName(name: string): string {
  return name.slice(name.indexOf("/") + 1).replaceAll("_", " ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
