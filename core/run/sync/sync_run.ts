/** Rebuilds a run's entry in the run store, which is only an index, from its folder. */
import { messageOf } from "../../text.ts";
import { lockHolder } from "../folder/lock.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { RunPlaces } from "../places.ts";
import { LOG_LINES_KEPT } from "../store/limits.ts";
import type { PanelEntry, RunDetails, RunHead, RunStore } from "../store/types.ts";
import { type FolderState, readFolderState } from "./folder_state.ts";

/** Points per change: some hundred kilobytes for a run with 100 curves. */
const POINTS_AT_ONCE = 500;

/** Result of synchronizing a run. */
export type Synced = "added" | "mended" | "same" | "training" | { unreadable: string };

/**
 * Updates a run in the store from its folder. What only the store knows is kept: panels, the
 * machine, the command lines. A run in training is left to its own process.
 * @param places used in the commands of a run that the store doesn't know
 */
export async function syncRun(
  store: RunStore,
  folder: RunFolder,
  places: RunPlaces,
): Promise<Synced> {
  let state: FolderState;
  try {
    if (await lockHolder(folder.folder)) return "training";
    state = await readFolderState(folder, places);
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
  // an unreadable head is replaced
  const before = await store.head(folder.id).catch(() => null);
  const isSame = before !== null && before.identity === state.head.identity;
  if (isSame && await hasAll(store, before, state)) return "same";
  await rebuild(store, state, isSame ? await knownOnly(store, before) : {});
  return before ? "mended" : "added";
}

/**
 * Adds a run from its folder where the store doesn't know it, e.g. after the store was lost.
 * @returns whether it was added
 */
export async function addUnknown(
  store: RunStore,
  folder: RunFolder,
  places: RunPlaces,
): Promise<boolean> {
  if (await store.head(folder.id)) return false;
  await rebuild(store, await readFolderState(folder, places), {});
  return true;
}

/** What the store knows but the folder doesn't. */
interface KnownOnly {
  details?: RunDetails | null;
  panels?: PanelEntry[];
}

async function knownOnly(store: RunStore, head: RunHead): Promise<KnownOnly> {
  return { details: await store.details(head.id), panels: await store.panels(head.id) };
}

async function hasAll(store: RunStore, head: RunHead, state: FolderState): Promise<boolean> {
  const { id } = head;
  const [series, samples, checkpoints, { next }] = await Promise.all([
    store.readSeries(id),
    store.samples(id),
    store.checkpoints(id),
    store.readLog(id, { limit: 1 }),
  ]);
  const names = (list: readonly { path: string }[]) => list.map(({ path }) => path).sort().join();
  return head.status === state.head.status && head.folder === state.head.folder &&
    series.imagesSeen.length === state.points.length &&
    series.imagesSeen.at(-1) === state.points.at(-1)?.imagesSeen &&
    names(samples) === names(state.samples) &&
    names(checkpoints) === names(state.checkpoints) &&
    next >= Math.min(state.lines.length, LOG_LINES_KEPT);
}

async function rebuild(store: RunStore, state: FolderState, known: KnownOnly): Promise<void> {
  const { head, details, points, lines, samples, checkpoints } = state, { id } = head;
  await store.delete(id);
  await store.create(head, { ...known.details ?? details, phases: details.phases });
  for (let i = 0; i < points.length; i += POINTS_AT_ONCE) {
    await store.appendSeries(id, points.slice(i, i + POINTS_AT_ONCE));
  }
  await store.appendLog(id, lines.slice(-LOG_LINES_KEPT));
  for (const sample of samples) await store.addSample(id, sample);
  for (const checkpoint of checkpoints) await store.addCheckpoint(id, checkpoint);
  for (const panel of known.panels ?? []) await store.setPanel(id, panel);
}
