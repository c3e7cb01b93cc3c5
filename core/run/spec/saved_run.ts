/** Reads a run's `config.json`, checking it since someone may have edited it. */
import { join } from "node:path";
import * as v from "valibot";
import { messageOf } from "../../text.ts";
import { readRunConfig, type RunFolder } from "../mod.ts";
import { RunError } from "../run_error.ts";
import { withStopAfter } from "./run_plan.ts";
import type { SavedRun } from "./run_spec.ts";

const values = v.record(v.string(), v.unknown());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const classes = v.pipe(v.string(), v.regex(/^(\d+( \d+)*)?$/));

/** The schema of `config.json`; the options themselves are checked when they are resolved. */
export const savedSchema = v.looseObject({
  version: v.string(),
  plugins: v.pipe(
    v.array(v.looseObject({ name: v.string(), specifier: v.string() })),
    v.minLength(1),
  ),
  preset: v.nullable(v.string()),
  run: values,
  options: v.record(v.string(), values),
  data: v.looseObject({
    source: v.optional(v.string()),
    fit: v.picklist(["cover", "contain", "stretch"]),
    background: v.string(),
    channels: v.picklist([1, 3, 4]),
    heldOut: v.number(),
  }),
  machine: v.looseObject({
    backend: v.picklist(["auto", "tensorflow", "webgpu", "wasm", "cpu"]),
    threads: count,
  }),
  plan: v.optional(v.looseObject({
    minutes: v.number(),
    from: count,
    rule: v.looseObject({
      resolution: count,
      sched: v.array(v.string()),
      epochs: count,
      fadeImages: count,
      stabilizeImages: count,
    }),
    imagesPerSecond: v.record(v.string(), v.number()),
  })),
  dataset: v.looseObject({
    kind: v.picklist(["images", "sketches"]),
    name: v.string(),
    digest: v.string(),
    count,
    heldOutCount: count,
    channels: count,
    maxResolution: count,
    labels: v.array(v.string()),
    classes: v.optional(
      v.object({ of: v.string(), clusters: count, train: classes, heldOut: classes }),
    ),
  }),
});

/** Path of a run's record. */
export function configPath({ folder }: RunFolder): string {
  return join(folder, "config.json");
}

/** Advice for a damaged record. It depends only on the command and the data. */
function adviceOf(folder: RunFolder): string {
  return `Put a whole ${configPath(folder)} back: where there is no copy, a new run of the same ` +
    `command and data writes the same file`;
}

/**
 * Reads a run's own record.
 * @param action verb for the error, e.g. "open" or "resume"
 * @throws RunError where it is missing or not as `train` wrote it
 */
export async function readSavedRun(folder: RunFolder, action = "open"): Promise<SavedRun> {
  let value: unknown;
  try {
    value = await readRunConfig(folder.folder);
  } catch (cause) {
    throw new RunError(
      `Cannot ${action} ${folder.id}: expected a readable config.json, received: ${
        messageOf(cause)
      }. ${adviceOf(folder)}`,
      { cause },
    );
  }
  const checked = v.safeParse(savedSchema, value);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new RunError(
      `Cannot ${action} ${folder.id}: expected a config.json as "deno task train" writes it, ` +
        `received ` +
        `another: ${v.getDotPath(issue) ?? "all of it"}: ${issue.message}. ${adviceOf(folder)}`,
    );
  }
  const saved = value as SavedRun; // checked above
  // options are checked when they are resolved
  return { ...saved, run: withStopAfter(saved.run) as SavedRun["run"] };
}
