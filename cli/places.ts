/** Where runs and their state live, and flags that every command on runs has. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import {
  defaultStorePath,
  findRun,
  latestRun,
  messageOf,
  openRunStore,
  type RunFolder,
  type RunStore,
} from "../core/mod.ts";
import { UsageError } from "./errors.ts";
import { shellWord } from "./shell_word.ts";
import { defaultRuns } from "./typed_folder.ts";

/** Flags of {@linkcode addPlaces}. */
export interface PlaceOptions {
  runs: string;
  kv?: string;
}

/** Adds `--runs` and `--kv`. */
export function addPlaces(command: Command): Command {
  return command
    .addOption(new Option("--runs <folder>", "Folder of the runs").default(defaultRuns()))
    .addOption(
      new Option(
        "--kv <file-or-url>",
        "Deno KV with the runs' state; for a URL the token is DENO_KV_ACCESS_TOKEN (default: cambium.kv in the runs' folder)",
      ),
    );
}

/** Flags that a suggested command needs to find the same places; "" where they are the usual ones. */
export function placeFlags({ runs, kv }: PlaceOptions): string {
  return (runs === defaultRuns() ? "" : ` --runs ${shellWord(runs)}`) +
    (kv ? ` --kv ${shellWord(kv)}` : "");
}

/** Opens the run store. */
export function openStore(options: PlaceOptions): Promise<RunStore> {
  return openRunStore(options.kv ?? defaultStorePath(resolve(options.runs)));
}

/**
 * The run that was meant; the newest where none was named.
 * @throws UsageError where there is none
 */
export async function chooseRun(
  options: PlaceOptions,
  wanted: string | undefined,
): Promise<RunFolder> {
  try {
    if (wanted) return await findRun(options.runs, wanted);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
  const latest = await latestRun(options.runs);
  if (latest) return latest;
  throw new UsageError(
    `Cannot find a run: expected one in "${options.runs}", received ${
      await isThere(options.runs) ? "a folder without any" : "no such folder"
    }. Name the folder with --runs, or start a run: deno task train`,
  );
}

/** Whether the folder of the runs exists. */
export function isThere(runs: string): Promise<boolean> {
  return Deno.stat(runs).then((stat) => stat.isDirectory, () => false);
}
