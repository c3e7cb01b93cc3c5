/** Nested configurations as flat rows, and what differs between them. */

/** One setting in several configurations. */
export interface SettingRow {
  /** e.g. "optimizer.beta1". */
  key: string;
  /** Text of the value in each configuration; null where it is absent. */
  values: (string | null)[];
  differs: boolean;
}

/**
 * Lays configurations side by side, nested keys joined by dots.
 * @param configs plain data
 * @returns rows by key, in the order of the first appearance
 */
export function compareConfigs(configs: readonly Record<string, unknown>[]): SettingRow[] {
  const flat = configs.map((config) => new Map(flatten(config, "")));
  const keys = new Set(flat.flatMap((rows) => [...rows.keys()]));
  return [...keys].map((key) => {
    const values = flat.map((rows) => rows.get(key) ?? null);
    return { key, values, differs: values.some((value) => value !== values[0]) };
  });
}

/** Lists, of texts alone, read as a flag takes them: `--sched 4:16,8:16`. */
function flatten(value: unknown, prefix: string): [string, string][] {
  if (typeof value !== "object" || !value || Array.isArray(value)) {
    return [[prefix, value === "" ? value : `${value}` || "none"]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, (prefix && prefix + ".") + key)
  );
}
