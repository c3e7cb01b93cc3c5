/** Compares a checkpoint with the process that wants to resume from it. */
import { canonicalJson } from "./json.ts";
import type { CheckpointMeta } from "./manifest.ts";

/**
 * A difference and its severity:
 * - "refuse": training can't resume
 * - "force": it can if the user insists, but it becomes another experiment
 * - "inexact": it can, but results won't be bit-identical
 */
export interface ResumeDifference {
  /** Where the two differ, as a path: "config.gamma", "dataset.digest". */
  field: string;
  /** The checkpoint's value; undefined if it has no such field. */
  saved: unknown;
  /** The value of the process that resumes. */
  now: unknown;
  /** See {@linkcode ResumeDifference}. */
  severity: "refuse" | "force" | "inexact";
}

/** What is compared when resuming. */
export type ResumeFacts = Pick<
  CheckpointMeta,
  "plugins" | "config" | "phases" | "seed" | "dataset" | "fingerprint" | "versions"
>;

/**
 * All differences, the most severe first. An empty list promises bit-identical results.
 * - another model (the first plugin), or a newer version of `versions.cambium`: "refuse"
 * - another seed, data set digest, schedule, config field or add-on: "force"
 * - another backend fingerprint or library version: "inexact"
 */
export function compareForResume(saved: ResumeFacts, now: ResumeFacts): ResumeDifference[] {
  const found: ResumeDifference[] = [];
  const compare = (
    field: string,
    a: unknown,
    b: unknown,
    severity: ResumeDifference["severity"],
  ) => {
    if (!same(a, b)) found.push({ field, saved: a, now: b, severity });
  };
  compare("plugins.0", saved.plugins[0], now.plugins[0], "refuse");
  compare("plugins", saved.plugins.slice(1), now.plugins.slice(1), "force");
  compare("seed", saved.seed, now.seed, "force");
  compare("dataset.digest", saved.dataset.digest, now.dataset.digest, "force");
  compare("phases", saved.phases, now.phases, "force");
  const configs = [flatten(saved.config), flatten(now.config)] as const;
  eachKey(...configs, (key, a, b) => compare(`config.${key}`, a, b, "force"));
  eachKey(saved.fingerprint, now.fingerprint, (key, a, b) => {
    compare(`fingerprint.${key}`, a, b, "inexact");
  });
  eachKey(saved.versions, now.versions, (key, a, b) => {
    const newer = key === "cambium" && a !== undefined && b !== undefined && isNewer(a, b);
    compare(`versions.${key}`, a, b, newer ? "refuse" : "inexact");
  });
  const severities = ["refuse", "force", "inexact"];
  return found.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

/**
 * Flattens nested config into dotted paths, so that a difference names its field; lists stay whole.
 */
function flatten(value: Record<string, unknown>, prefix = ""): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const nested = typeof field === "object" && field !== null && !Array.isArray(field) &&
      Object.keys(field).length > 0;
    // A non-empty object that is no list is a record: canonicalJson refused anything else when
    // saving.
    if (nested) Object.assign(flat, flatten(field as Record<string, unknown>, `${prefix}${key}.`));
    else flat[prefix + key] = field;
  }
  return flat;
}

function eachKey<T>(
  a: Record<string, T>,
  b: Record<string, T>,
  visit: (key: string, a: T | undefined, b: T | undefined) => void,
): void {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)].sort())) {
    visit(key, own(a, key), own(b, key));
  }
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Whether semantic version `a` is newer than `b`; pre-releases compare like their release. */
function isNewer(a: string, b: string): boolean {
  // split() returns at least one element
  const parts = (version: string) => version.split(/[-+]/)[0]!.split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference) return difference > 0;
  }
  return false;
}
