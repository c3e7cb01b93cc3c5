/** Where prepared data lies. */
import { cacheFolder } from "../../core/cache_folder.ts";

/**
 * The folder of Cambium's caches.
 * @throws Error where no home folder is known
 */
export function defaultCacheDir(folder = cacheFolder()): string {
  if (folder) return folder;
  throw new Error(
    "Cannot choose a cache folder: expected HOME or CAMBIUM_CACHE to be set. Pass --cache FOLDER",
  );
}
