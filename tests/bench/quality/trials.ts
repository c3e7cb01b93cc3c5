/**
 * Trials of options side by side, one after another: the same images, seed and thread, then
 * `metrics` of each. Prints a Markdown table; runs, logs and figures stay in the folder.
 *
 *     deno run -A tests/bench/quality/trials.ts TRIALS.json FOLDER
 *
 * with, for example,
 *
 *     { "flags": ["--from", "runs/00000-emoji@16000", "--start-resolution", "8", …],
 *       "trials": { "default": [], "γ 0.05": ["--gamma", "0.05"] } }
 *
 * Figures of features are left to VGG-19 where a trial learns from EfficientNet-lite0.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseWords } from "../parse_flags.ts";
import { runLogged } from "./run_logged.ts";
import { type Trial, trialsMarkdown } from "./trials_markdown.ts";

const CLI = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));

/** What the file says. */
interface Plan {
  /** Given to each trial before its own. */
  flags: string[];
  trials: Record<string, string[]>;
}

/** Runs a command of the command line on one thread, its log in a file. */
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
  const [plan, folder] = parseWords(["TRIALS.json", "FOLDER"], 2) as [string, string]; // two
  const { flags, trials }: Plan = JSON.parse(await Deno.readTextFile(plan));
  const done: Trial[] = [];
  for (const [name, own] of Object.entries(trials)) {
    done.push(await trial(folder, name, [...flags, ...own]));
  }
  console.log(trialsMarkdown(done));
}
