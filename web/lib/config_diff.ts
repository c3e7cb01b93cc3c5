/** Flattens nested configurations to rows, and finds the differences between them. */

/** One setting in several configurations. */
export interface SettingRow {
  /** e.g. "optimizer.beta1". */
  key: string;
  /** The value in each configuration as text; null where it is absent. */
  values: (string | null)[];
  differs: boolean;
}

/**
 * Compares configurations, with nested keys joined by dots.
 * @param configs plain data
 * @returns rows by key, in the order of first appearance
 */
export function compareConfigs(configs: readonly Record<string, unknown>[]): SettingRow[] {
  const flat = configs.map((config) => new Map(flatten(config, "")));
  const keys = new Set(flat.flatMap((rows) => [...rows.keys()]));
  return [...keys].map((key) => {
    const values = flat.map((rows) => rows.get(key) ?? null);
    return { key, values, differs: values.some((value) => value !== values[0]) };
  });
}

/** Lists contain only strings and are written as their flags take them: `--sched 4:16,8:16`. */
function flatten(value: unknown, prefix: string): [string, string][] {
  if (typeof value !== "object" || !value || Array.isArray(value)) {
    return [[prefix, value === "" ? value : `${value}` || "none"]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, (prefix && prefix + ".") + key)
  );
}
