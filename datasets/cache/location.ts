/** The location of prepared data. */
import { cacheFolder } from "../../core/cache_folder.ts";

/**
 * The folder of Cambium's caches.
 * @throws Error if the home folder is unknown
 */
export function defaultCacheDir(folder = cacheFolder()): string {
  if (folder) return folder;
  throw new Error(
    "Cannot choose a cache folder: expected HOME or CAMBIUM_CACHE to be set. Pass --cache FOLDER",
  );
}
