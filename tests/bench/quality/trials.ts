/**
 * Compares options by trials, one after another, with the same images, seed and thread, and
 * measures each with `metrics`. Prints a Markdown table; runs, logs and metrics are kept in the
 * folder.
 *
 * deno run -A tests/bench/quality/trials.ts TRIALS.json FOLDER
 *
 * with, for example,
 *
 * { "flags": ["--from", "runs/00000-emoji@16000", "--start-resolution", "8", …],
 *
 *      "trials": { "default": [], "γ 0.05": ["--gamma", "0.05"] } }
 *
 * If a trial learns from EfficientNet-lite0, only VGG-19's feature metrics are compared.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseWords } from "../parse_flags.ts";
import { runLogged } from "./run_logged.ts";
import { type Trial, trialsMarkdown } from "./trials_markdown.ts";

const CLI = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));

/** The contents of the file. */
interface Plan {
  /** Flags of all trials, before each trial's own. */
  flags: string[];
  trials: Record<string, string[]>;
}

/** Runs a CLI command on one thread, with its log in a file. */
async function command(args: readonly string[], log: string) {
  const all = ["run", "-A", CLI, ...args, "--threads", "1", "--json"];
  const { output, processor } = await runLogged(Deno.execPath(), all, log);
  return { output: JSON.parse(output), processor };
}

async function trial(folder: string, name: string, flags: readonly string[]): Promise<Trial> {
  const runs = join(folder, name.replaceAll(/[^\w.-]+/g, "_"));
  await Deno.mkdir(runs, { recursive: true });
  const { processor } = await command(
    ["train", ...flags, "--runs", runs],
    join(runs, "train.txt"),
  );
  const { output } = await command(["metrics", "--runs", runs], join(runs, "metrics.txt"));
  await Deno.writeTextFile(join(runs, "metrics.json"), JSON.stringify(output, null, 1));
  return { name, processor, figures: output };
}

if (import.meta.main) {
  // exactly two
  const [plan, folder] = parseWords(["TRIALS.json", "FOLDER"], 2) as [string, string];
  const { flags, trials }: Plan = JSON.parse(await Deno.readTextFile(plan));
  const done: Trial[] = [];
  for (const [name, own] of Object.entries(trials)) {
    done.push(await trial(folder, name, [...flags, ...own]));
  }
  console.log(trialsMarkdown(done));
}
