/**
 * Replaces the run store of a training run where its file was removed, filling the new one from the
 * run's folder.
 */
import { resolve } from "node:path";
import type { RunFolder } from "../folder/run_folder.ts";
import type { Notices } from "../notices.ts";
import { isThere, openStore, type RunPlaces } from "../places.ts";
import { defaultStorePath } from "../store/open_store.ts";
import { watchStoreFile } from "../store/store_file.ts";
import type { RunStore } from "../store/types.ts";
import { addUnknown } from "../sync/sync_run.ts";

/**
 * @param folder of the run in training
 * @returns a function that checks the file and, where it was removed or replaced, opens a new store
 * that knows the run
 */
export function createStoreRenewal(
  folder: RunFolder,
  places: RunPlaces,
  notices: Pick<Notices, "log">,
): () => Promise<RunStore | undefined> {
  const path = places.kv ?? defaultStorePath(resolve(places.runs));
  if (/^https?:\/\//.test(path)) return () => Promise.resolve(undefined);
  const watch = () => watchStoreFile(path).catch(() => undefined);
  let watched = watch();
  return async () => {
    const look = await watched;
    if (!look) {
      watched = watch(); // the store could not be opened before: try to watch it again
      return;
    }
    const lost = await look();
    if (!lost || !await isThere(folder.folder)) return;
    const store = await openStore(places);
    try {
      await addUnknown(store, folder, places);
    } catch (error) {
      store.close();
      throw error;
    }
    watched = watch();
    notices.log(
      `The run store at ${path} was ${lost} while ${folder.id} trains: its state is rebuilt from ` +
        `its folder`,
    );
    return store;
  };
}
