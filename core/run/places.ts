/** Where runs and their state are stored. */
import { dirname, join, resolve } from "node:path";
import {
  CONFIG_NAME,
  findNamedRuns,
  findRuns,
  latestNumber,
  latestRun,
  onlyNumbered,
  pluginPart,
  type RunFolder,
} from "./folder/run_folder.ts";
import { findUnlistedRuns, renamedRun } from "./unlisted_runs.ts";
import type { Notices } from "./notices.ts";
import { nothingNamed } from "./run_at.ts";
import { RunError } from "./run_error.ts";
import { shellWord } from "./shell_word.ts";
import { defaultStorePath, openRunStore } from "./store/open_store.ts";
import type { RunStore } from "./store/types.ts";
import { defaultRuns } from "./typed_folder.ts";
import { messageOf } from "../text.ts";

/** Where runs and their state are. */
export interface RunPlaces {
  /** Folder that contains the runs. */
  runs: string;
  /** File or URL of the Deno KV with their state. Default: `cambium.kv` in the runs' folder. */
  kv?: string;
}

/** Flags that a suggested command needs to find the same places; "" for the default places. */
export function placeFlags({ runs, kv }: RunPlaces): string {
  return (runs === defaultRuns() ? "" : ` --runs ${shellWord(runs)}`) +
    (kv ? ` --kv ${shellWord(kv)}` : "");
}

/** Opens the run store. */
export function openStore({ runs, kv }: RunPlaces): Promise<RunStore> {
  return openRunStore(kv ?? defaultStorePath(resolve(runs)));
}

/**
 * Finds the run that the user means; the newest where none is named, or several have the name.
 * @param wanted its number, name or folder
 * @param notices told which run was chosen where the name is ambiguous
 * @param plugin prefers runs of this plugin where several have the name
 * @throws RunError where no run matches, or several have the number
 */
export async function chooseRun(
  places: Pick<RunPlaces, "runs">,
  wanted: string | undefined,
  notices?: Pick<Notices, "log">,
  plugin?: string,
): Promise<RunFolder> {
  const { runs } = places;
  if (wanted !== undefined) {
    const all = await chooseRuns(places, wanted);
    const fitting = all.filter((run) => run.plugin === pluginPart(plugin ?? run.plugin));
    const named = fitting.length > 0 ? fitting : all, newest = named.at(-1)!; // never empty
    if (named.length > 1) {
      notices?.log(`${named.length} runs have the name "${wanted}": ${newest.id} is the newest`);
    }
    return newest;
  }
  const latest = await latestRun(runs);
  if (latest) return await expectNewest(runs, latest);
  throw new RunError(
    `Cannot find a run: expected one in "${runs}", received ${
      await isThere(runs) ? "a folder without any" : "no such folder"
    }. Name the folder with --runs, or start a run: deno task train`,
  );
}

/**
 * Finds all runs that a word may refer to: one, or all with that name, oldest first.
 * @throws RunError where no run matches, or several have the number
 */
export async function chooseRuns(
  { runs }: Pick<RunPlaces, "runs">,
  wanted: string,
): Promise<readonly RunFolder[]> {
  if (wanted.trim() === "") throw nothingNamed();
  try {
    return await findNamedRuns(runs, wanted);
  } catch (error) {
    const renamed = await renamedRun(wanted);
    if (renamed) throw new RunError(`Cannot find a run: ${renamed.reason}`);
    const reasons = (await findUnlistedRuns(runs)).map(({ reason }) => `\n  ${reason}`);
    const others = reasons.length > 0 ? `. These are not listed:${reasons.join("")}` : "";
    throw new RunError(messageOf(error) + others);
  }
}

/**
 * @throws RunError where a newer run exists but can't be listed, or another has the same number,
 * since the choice would be a silent guess
 */
async function expectNewest(runs: string, latest: RunFolder): Promise<RunFolder> {
  try {
    onlyNumbered(await findRuns(runs), latest.number);
  } catch (cause) {
    throw new RunError(`Cannot take the newest run: ${messageOf(cause)}`, { cause });
  }
  const { mtime } = await Deno.stat(join(latest.folder, CONFIG_NAME)).catch(() => ({
    mtime: null,
  }));
  const newer = (await findUnlistedRuns(runs)).filter(({ number, time }) => {
    return number === null ? time > (mtime?.getTime() ?? 0) : number > latest.number;
  });
  if (newer.length === 0) return latest;
  throw new RunError(
    `Cannot take the newest run: expected it to be ${latest.id}, but\n  ` +
      `${newer.map(({ reason }) => reason).join("\n  ")}\nName the run that you mean`,
  );
}

/** Warns where the newest existing run is used although a newer one once existed. */
export async function tellOfGone(
  runs: string,
  taken: RunFolder,
  notices: Pick<Notices, "warn">,
): Promise<void> {
  const last = await latestNumber(runs);
  if (last <= taken.number) return;
  notices.warn(`run ${last} is no longer in "${runs}": the newest that is left is ${taken.id}`);
}

/**
 * The places of one run: the state of a run given by path is in its parent folder, unless `kv` is
 * set.
 */
export function placesOf(
  { runs, kv }: RunPlaces,
  { folder }: Pick<RunFolder, "folder">,
): RunPlaces {
  const parent = dirname(folder);
  return { runs: resolve(runs) === parent ? runs : parent, ...(kv ? { kv } : {}) };
}

/** Whether the folder of the runs exists. */
export function isThere(runs: string): Promise<boolean> {
  return Deno.stat(runs).then((stat) => stat.isDirectory, () => false);
}
