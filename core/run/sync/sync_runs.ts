/** Rebuilds the run store from a whole folder of runs. */
import { messageOf } from "../../text.ts";
import { lockHolder } from "../folder/lock.ts";
import { findRuns } from "../folder/run_folder.ts";
import type { Notices } from "../notices.ts";
import { openStore, type RunPlaces } from "../places.ts";
import { addUnknown, type Synced, syncRun } from "./sync_run.ts";

/** Result of synchronizing a folder of runs. */
export interface SyncedRuns {
  /** Result for each run folder, by name. */
  runs: Record<string, Synced>;
  /** Runs in the store whose folder no longer exists. */
  withoutFolder: string[];
}

/**
 * Updates the store from all run folders. A run that was renamed, or moved here, is removed under
 * its old name.
 */
export async function syncRuns(places: RunPlaces, notices: Notices): Promise<SyncedRuns> {
  const folders = await findRuns(places.runs), store = await openStore(places);
  try {
    const runs: Record<string, Synced> = {}, withoutFolder: string[] = [];
    for (const [i, folder] of folders.entries()) {
      notices.progress(`Reading ${folder.id} …`, i / folders.length);
      runs[folder.id] = await syncRun(store, folder, places);
    }
    const heads = await store.list(), here = new Set(folders.map(({ id }) => id));
    const identities = new Map(
      heads.filter(({ id }) => here.has(id)).map((h) => [h.identity, h.id]),
    );
    for (const { id, folder, identity } of heads) {
      if (here.has(id) || await Deno.stat(folder).then(() => true, () => false)) continue;
      if (identity !== undefined && identities.has(identity)) await store.delete(id);
      else withoutFolder.push(id);
    }
    return { runs, withoutFolder };
  } finally {
    notices.done();
    store.close();
  }
}

/**
 * Adds the runs that the store doesn't know; failures are only warnings. Skips runs that are in
 * training.
 */
export async function addUnknownRuns(places: RunPlaces, notices: Notices): Promise<void> {
  try {
    const folders = await findRuns(places.runs);
    if (folders.length === 0) return;
    const store = await openStore(places);
    try {
      const known = new Set(await store.ids());
      for (const folder of folders.filter(({ id }) => !known.has(id))) {
        try {
          if (await lockHolder(folder.folder) || !await addUnknown(store, folder, places)) continue;
          notices.log(`${folder.id} is added to Deno KV from its folder`);
        } catch (error) {
          notices.warn(`${folder.id} is not shown: ${messageOf(error)}`);
        }
      }
    } finally {
      store.close();
    }
  } catch (error) {
    notices.warn(`Deno KV is not completed from the runs' folders: ${messageOf(error)}`);
  }
}
