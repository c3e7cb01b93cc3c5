/** `deno task runs`: lists, shows and deletes runs, and rebuilds their state in Deno KV. */
import { print, printJson } from "../terminal/print.ts";
import { resolve } from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import type { Command } from "commander";
import {
  acquireRunLock,
  defaultStorePath,
  findRuns,
  type RunFolder,
  type RunHead,
  type RunStore,
} from "../../core/run/mod.ts";
import { closest, messageOf, printableLine } from "../../core/text.ts";
import { UsageError } from "../errors.ts";
import { syncRuns } from "../../core/run/sync/sync_runs.ts";
import { printRun } from "../terminal/print_run.ts";
import { type RunSummary, summarize } from "../../core/run/run_summary.ts";
import { formatCount, formatValue } from "../terminal/format.ts";
import { phaseText } from "../terminal/phase_text.ts";
import { createStatus } from "../terminal/status.ts";
import { IDENTITY_NAME } from "../../core/run/folder/identity.ts";
import { CONFIG_NAME } from "../../core/run/folder/run_folder.ts";
import type { Notices } from "../../core/run/notices.ts";
import { formatTable } from "../terminal/table.ts";
import { addPlaces } from "../flags/place_flags.ts";
import {
  chooseRun,
  chooseRuns,
  openStore,
  placesOf,
  type RunPlaces,
} from "../../core/run/places.ts";

interface RunsFlags extends RunPlaces {
  json?: true;
  yes?: true;
}

export function register(program: Command): void {
  const runs = program.command("runs").description("List, show, delete and sync runs").addHelpText(
    "after",
    `
Examples:
  deno task runs
  deno task runs show 3
  deno task runs delete 0 1 --yes
  deno task runs sync`,
  );
  const sub = (name: string, description: string, isDefault = false) =>
    addPlaces(runs.command(name, { isDefault }).description(description)).copyInheritedSettings(
      program,
    );
  sub("list", "List all runs in a table", true)
    .option("--json", "Print it as JSON")
    .allowExcessArguments()
    .action((flags: RunsFlags, command: Command) => {
      // "list" is the default command, so a misspelt subcommand ends up here
      const [word] = command.args;
      if (word === undefined) return listRuns(flags);
      const names = ["list", "show", "delete", "sync"], near = closest(word, names);
      throw new UsageError(
        `Cannot run "deno task runs ${word}": expected one of ${names.join(", ")}` +
          (near ? `. Did you mean "${near}"?` : ""),
      );
    });
  sub("show", "Show the details of a run (default: the newest)")
    .argument("[run]", "Number, name or folder of the run")
    .option("--json", "Print it as JSON")
    .action(showRun);
  sub("delete", "Delete runs with their checkpoints, images and state in Deno KV")
    .argument("<run...>", "Number, name or folder of each run")
    .option("--yes", "Do not ask for confirmation")
    .option("--json", "Print what was deleted as JSON; needs --yes")
    .action(deleteRuns);
  sub("sync", "Rebuild the state in Deno KV from the folders of the runs")
    .option("--json", "Print the result for each run as JSON")
    .action(syncAll);
}

async function listRuns(flags: RunsFlags): Promise<void> {
  const folders = await findRuns(flags.runs);
  const status = createStatus(flags.json);
  const store = folders.length > 0 ? await openExistingStore(flags, status) : undefined;
  const summaries: RunSummary[] = [];
  try {
    for (const folder of folders) {
      summaries.push(await summarize(folder, await headOf(store, folder, status)));
    }
  } finally {
    store?.close();
  }
  if (flags.json) return printJson(summaries);
  if (summaries.length === 0) {
    return print(`No runs in "${flags.runs}". Start one: deno task train --plugin stylegan`);
  }
  print(formatTable(
    ["run", "status", "phase", "images", "rate", "digest"],
    summaries.map((run) => [
      run.id.length > 30 ? run.id.slice(0, 29) + "…" : run.id,
      run.status,
      phaseText(run),
      formatCount(run.imagesSeen) +
      (run.imagesTotal === null ? "" : "/" + formatCount(run.imagesTotal)),
      run.imagesPerSecond === null ? "" : `${formatValue(run.imagesPerSecond)}/s`,
      run.digest?.slice(0, 8) ?? "",
    ]),
    { right: [3, 4] },
  ));
  for (const { id, status: how, error } of summaries) {
    if (how === "unreadable") status.warn(`${id} is unreadable: ${error}`);
  }
}

async function showRun(wanted: string | undefined, flags: RunsFlags): Promise<void> {
  const status = createStatus(flags.json);
  const folder = await chooseRun(flags, wanted, status);
  const store = await openExistingStore(placesOf(flags, folder), status);
  try {
    const head = await headOf(store, folder, status);
    await printRun(folder, await summarize(folder, head), head, flags.json === true);
  } finally {
    store?.close();
  }
}

/**
 * Other folders may be named like a run, such as 20240101-holiday-photos. An empty one is left by a
 * start that was interrupted.
 * @throws UsageError where there is something, but nothing of a run
 */
async function expectRunInside({ id, folder }: RunFolder): Promise<void> {
  const own = [CONFIG_NAME, IDENTITY_NAME, "checkpoints", "stats.jsonl"];
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter((name) => name !== ".lock");
  if (names.length === 0 || names.some((name) => own.includes(name))) return;
  throw new UsageError(
    `Cannot delete ${id}: expected a run's folder, received one without ${CONFIG_NAME} and ` +
      `checkpoints: ${folder}. Remove it yourself if nothing in it is needed`,
  );
}

async function deleteRuns(wanted: string[], flags: RunsFlags): Promise<void> {
  const status = createStatus(flags.json);
  const folders = new Map<string, RunFolder>();
  for (const word of wanted) {
    const folder = await unambiguousRun(flags, word);
    folders.set(folder.folder, folder);
  }
  const list = [...folders.values()];
  for (const run of list) await expectRunInside(run);
  for (const { folder } of list) {
    (await acquireRunLock(folder, "delete")).release(); // fails before the question is asked
  }
  const left = new Map<string, string>(); // targets of links, which may belong to someone else
  for (const { folder } of list) {
    if ((await Deno.lstat(folder)).isSymlink) left.set(folder, await Deno.realPath(folder));
  }
  const names = list.map((run) => run.id).join(", ");
  if (!flags.yes) {
    if (flags.json || !Deno.stdin.isTerminal()) { // a question would be mixed into the JSON
      throw new UsageError(`Cannot delete ${names}: expected a terminal to ask on, or --yes`);
    }
    const stay = left.size > 0 ? `, but for those in ${[...left.values()].join(", ")}` : "";
    const answer = await confirm({
      message: `Delete ${printableLine(`${names} with all checkpoints${stay}`)}?`,
      initialValue: false,
    });
    if (isCancel(answer) || !answer) return print("Nothing was deleted.");
  }
  for (const run of list) {
    // the run may have been resumed in the meantime
    const lock = await acquireRunLock(run.folder, "delete");
    // the store of this run's own folder, because run names repeat in other folders
    const store = await openExistingStore(placesOf(flags, run), status);
    try {
      await store?.delete(run.id);
    } finally {
      store?.close();
      lock.release();
    }
    await Deno.remove(run.folder, { recursive: true });
    const stays = left.get(run.folder);
    const rest = stays === undefined ? "" : `, a link; its checkpoints stay in ${stays}`;
    if (!flags.json) print(`Deleted ${run.id}${rest}`);
  }
  const deleted = list.map((run) => run.id), kept = [...left.values()];
  if (flags.json) printJson({ deleted, ...(kept.length > 0 ? { left: kept } : {}) });
}

async function syncAll(flags: RunsFlags): Promise<void> {
  const { runs, withoutFolder } = await syncRuns(flags, createStatus(flags.json));
  if (flags.json) return printJson({ runs, withoutFolder });
  for (const [id, became] of Object.entries(runs)) {
    print(`${id}: ${typeof became === "string" ? SYNCED[became] : became.unreadable}`);
  }
  for (const id of withoutFolder) {
    print(`${id}: only in Deno KV; its folder is not where it was`);
  }
  if (Object.keys(runs).length === 0) print(`No runs in "${flags.runs}".`);
}

/** Outcomes of syncing a run, in words. */
const SYNCED = {
  added: "added",
  mended: "mended",
  same: "nothing was missing",
  training: "is being trained; its own process writes its state",
} as const;

/** Requires an unambiguous name for a deletion. */
async function unambiguousRun(places: RunPlaces, word: string): Promise<RunFolder> {
  const [first, ...others] = await chooseRuns(places, word);
  if (first && others.length === 0) return first;
  const names = [first, ...others].map((run) => run?.id).join(", ");
  throw new UsageError(
    `Cannot delete "${word}": expected one run of this name, received ${names}. ` +
      `Give the full name of each`,
  );
}

/** Opens the run store if it exists; looking must not create it. */
async function openExistingStore(flags: RunPlaces, status: Notices): Promise<RunStore | undefined> {
  const place = flags.kv ?? defaultStorePath(resolve(flags.runs));
  const isThere = /^https?:/.test(place) || await Deno.stat(place).then(() => true, () => false);
  try {
    if (isThere) return await openStore(flags);
    status.warn(`no run state in Deno KV: expected ${place}. This is from the runs' folders alone`);
  } catch (error) {
    status.warn(`${messageOf(error)}. This is from the runs' folders alone`);
  }
  return undefined;
}

/**
 * A run's head in Deno KV. If the store fails, a warning is given and the run is shown without it.
 */
async function headOf(
  store: RunStore | undefined,
  folder: RunFolder,
  status: Notices,
): Promise<RunHead | null> {
  try {
    const head = await store?.head(folder.id);
    // a run in another folder may have the same name
    return head?.folder === folder.folder ? head : null;
  } catch (error) {
    status.warn(messageOf(error));
    return null;
  }
}
