/** `deno task runs show`: prints everything about one run. */
import { print, printJson } from "./print.ts";
import { join, relative } from "node:path";
import { findCheckpoints } from "../../core/checkpoint/mod.ts";
import { runSchema } from "../../core/config/mod.ts";
import type { RunFolder, RunHead } from "../../core/run/mod.ts";
import { decodeManifest, MANIFEST_NAME } from "../../core/checkpoint/manifest.ts";
import type { RunPlan } from "../../core/run/spec/run_plan.ts";
import { readSavedRun } from "../../core/run/spec/saved_run.ts";
import type { RunSummary } from "../../core/run/run_summary.ts";
import { printFact } from "./facts.ts";
import { formatCount, formatDuration, formatValue } from "./format.ts";
import { phaseText } from "./phase_text.ts";
import { counted } from "../../core/text.ts";

/** Lines of the log to show. */
const LOG_LINES = 5;

/**
 * Prints a run.
 * @param head the run's state in Deno KV, if available
 */
export async function printRun(
  folder: RunFolder,
  summary: RunSummary,
  head: RunHead | null,
  json: boolean,
): Promise<void> {
  const config = await readSavedRun(folder);
  const samples = await pictures(join(folder.folder, "samples"));
  if (json) {
    return printJson({ ...summary, samples: samples.length, state: head, config });
  }
  const { imagesSeen, imagesTotal, imagesPerSecond } = summary;
  const { dataset, run, plan } = config;
  // the functions of field.ts give each a default
  const defaults = runSchema.entries as Record<string, { default?: unknown }>;
  const changed = Object.entries({ ...run, ...Object.assign({}, ...Object.values(config.options)) })
    .filter(([key, value]) => JSON.stringify(defaults[key]?.default) !== JSON.stringify(value))
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(",") : value}`);
  const newest = samples.at(-1);
  const rows: [string, string][] = [
    ["Run", summary.id],
    ["Folder", relative(Deno.cwd(), folder.folder) || folder.folder],
    ["Status", summary.status + (summary.error ? `: ${summary.error}` : "")],
    ["Phase", phaseText(summary)],
    [
      "Images",
      formatCount(imagesSeen) + (imagesTotal === null ? "" : ` of ${formatCount(imagesTotal)}`),
    ],
    ...(plan ? [["Plan", planFact(plan)] as [string, string]] : []),
    ["Rate", imagesPerSecond === null ? "unknown" : `${formatValue(imagesPerSecond)} images/s`],
    ...(head
      ? [
        ["Trained", trainedText(head)] as [string, string],
        ["Warnings", String(head.warnings)] as [string, string],
      ]
      : []),
    [
      "Plugins",
      config.plugins.map((p) => p.name).join(", ") +
      (config.preset ? `, preset ${config.preset}` : ""),
    ],
    [
      "Data",
      `${dataset.count} + ${dataset.heldOutCount} held-out ${dataset.kind} of ${dataset.name}`,
    ],
    ["Checkpoints", await checkpointsText(folder.folder)],
    ["Digest", summary.digest ?? "none"],
    ["Samples", newest ? `${samples.length}, newest ${newest}` : "none"],
    ["Options", changed.join("; ")],
  ];
  for (const [name, value] of rows) printFact(name, value);
  // missing before training starts
  const log = await Deno.readTextFile(join(folder.folder, "log.txt")).catch(() => "");
  const lines = log.trimEnd().split("\n").filter(Boolean).slice(-LOG_LINES);
  if (lines.length > 0) print(`\n${lines.map(shortened).join("\n")}`);
}

/** How long a run has trained. */
export function trainedText(
  { trainedSeconds, sessions }: Pick<RunHead, "trainedSeconds" | "sessions">,
): string {
  return `${formatDuration(trainedSeconds)} in ${counted(sessions, "session")}`;
}

/** "60 minutes from image 0 on, for 64 px". */
function planFact({ minutes, from, rule: { resolution } }: RunPlan): string {
  const length = minutes === 1 ? "1 minute" : `${formatValue(minutes)} minutes`;
  return `${length} from image ${formatCount(from)} on, for ${resolution} px`;
}

/** The checkpoints as `--checkpoint` takes them, e.g. "8, 16 (damaged)". */
async function checkpointsText(folder: string): Promise<string> {
  const found = await findCheckpoints(folder);
  const texts = found.map(async ({ imagesSeen, folder }) =>
    `${imagesSeen}${await isWhole(folder) ? "" : " (damaged)"}`
  );
  return (await Promise.all(texts)).join(", ") || "none";
}

/**
 * Whether the manifest is valid and the files have the sizes in it; only opening a checkpoint
 * checks every byte.
 */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const { files } = decodeManifest(await Deno.readFile(join(folder, MANIFEST_NAME)));
    for (const [name, { bytes }] of Object.entries(files)) {
      if ((await Deno.stat(join(folder, name))).size !== bytes) return false;
    }
    return true;
  } catch {
    return false; // what cannot be read cannot be opened either
  }
}

/** Shortens a line of log.txt to fit a terminal, e.g. "06:01 [48] Finished …". */
export function shortened(line: string): string {
  const short = line.replace(/^\S+T(\d\d:\d\d)\S* (?:info )?/, "$1 ");
  return short.length > 79 ? short.slice(0, 78) + "…" : short;
}

async function pictures(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".png")) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
