/**
 * Prints folders of rivals and of our runs as a Markdown table.
 *
 * deno run -A tests/bench/quality/rivals/table.ts FOLDER…
 *
 * Each contains `metrics.json`, the output of `metrics --json`; a rival's also contains
 * `rival.json`.
 */
import { basename, join, resolve } from "node:path";
import { parseWords } from "../../parse_flags.ts";
import { trialsMarkdown } from "../trials_markdown.ts";
import { rivalTrial } from "./rival_trial.ts";

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

const trials = await Promise.all(
  parseWords(["FOLDER…"], 1).map(async (folder) => {
    const rival = await readJson(join(folder, "rival.json")).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined; // a run of ours
      throw error;
    });
    return rivalTrial(
      await readJson(join(folder, "metrics.json")),
      rival,
      basename(resolve(folder)),
    );
  }),
);
console.log(trialsMarkdown(trials));
