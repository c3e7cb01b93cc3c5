/** Run folders among others, whatever they are called by now: their pictures are no data. */
import { IDENTITY_NAME } from "./identity.ts";
import { CONFIG_NAME, parseRun } from "./run_folder.ts";

/** Why a run folder is passed over among pictures. */
export const RUN_FOLDER_REASON = "a run's folder: what it has drawn is passed over";

/**
 * Whether a folder is a run's, by what lies in it and by its identity or, of older runs, its name.
 * @param names of all that lies in it
 */
export function isRunFolder(folder: string, names: readonly string[]): boolean {
  const has = (name: string) => names.includes(name);
  return has(CONFIG_NAME) && (has("checkpoints") || has("samples")) &&
    (has(IDENTITY_NAME) || parseRun(folder) !== null);
}
