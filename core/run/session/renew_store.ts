/** The run store of a training whose file was removed: a new one, told by the run's folder. */
import { resolve } from "node:path";
import type { RunFolder } from "../folder/run_folder.ts";
import type { Notices } from "../notices.ts";
import { isThere, openStore, type RunPlaces } from "../places.ts";
import { defaultStorePath } from "../store/open_store.ts";
import { watchStoreFile } from "../store/store_file.ts";
import type { RunStore } from "../store/types.ts";
import { addUnknown } from "../sync/sync_run.ts";

/**
 * @param folder of the run that is trained
 * @returns what looks whether the file is there and, where it is not, opens another that knows the
 * run
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
      watched = watch(); // the store could not be opened before
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
