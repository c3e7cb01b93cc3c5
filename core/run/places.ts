/** Where runs and their state live. */
import { resolve } from "node:path";
import { findRun, latestRun, type RunFolder } from "./folder/run_folder.ts";
import { RunError } from "./run_error.ts";
import { shellWord } from "./shell_word.ts";
import { defaultStorePath, openRunStore } from "./store/open_store.ts";
import type { RunStore } from "./store/types.ts";
import { defaultRuns } from "./typed_folder.ts";
import { messageOf } from "../text.ts";

/** Where the runs are. */
export interface RunPlaces {
  /** Folder of the runs. */
  runs: string;
  /** File or URL of the Deno KV with their state. Default: `cambium.kv` in the runs' folder. */
  kv?: string;
}

/** Flags that a suggested command needs to find the same places; "" where they are the usual ones. */
export function placeFlags({ runs, kv }: RunPlaces): string {
  return (runs === defaultRuns() ? "" : ` --runs ${shellWord(runs)}`) +
    (kv ? ` --kv ${shellWord(kv)}` : "");
}

/** Opens the run store. */
export function openStore({ runs, kv }: RunPlaces): Promise<RunStore> {
  return openRunStore(kv ?? defaultStorePath(resolve(runs)));
}

/**
 * The run that was meant; the newest where none was named.
 * @param wanted its number, name or folder
 * @throws RunError where there is none
 */
export async function chooseRun(
  { runs }: Pick<RunPlaces, "runs">,
  wanted: string | undefined,
): Promise<RunFolder> {
  try {
    if (wanted) return await findRun(runs, wanted);
  } catch (error) {
    throw new RunError(messageOf(error));
  }
  const latest = await latestRun(runs);
  if (latest) return latest;
  throw new RunError(
    `Cannot find a run: expected one in "${runs}", received ${
      await isThere(runs) ? "a folder without any" : "no such folder"
    }. Name the folder with --runs, or start a run: deno task train`,
  );
}

/** Whether the folder of the runs exists. */
export function isThere(runs: string): Promise<boolean> {
  return Deno.stat(runs).then((stat) => stat.isDirectory, () => false);
}
