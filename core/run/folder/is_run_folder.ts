/** Recognizes run folders inside data, even renamed ones: their pictures are not training data. */
import { IDENTITY_NAME } from "./identity.ts";
import { CONFIG_NAME, parseRun } from "./run_folder.ts";

/** Why a run folder is skipped among pictures. */
export const RUN_FOLDER_REASON = "a run's folder: what it has drawn is skipped";

/**
 * Whether a folder is a run's, judged by its content and its identity or, for older runs, its name.
 * @param names names of its entries
 */
export function isRunFolder(folder: string, names: readonly string[]): boolean {
  const has = (name: string) => names.includes(name);
  return has(CONFIG_NAME) && (has("checkpoints") || has("samples")) &&
    (has(IDENTITY_NAME) || parseRun(folder) !== null);
}
