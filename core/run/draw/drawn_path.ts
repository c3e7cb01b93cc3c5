import { join } from "node:path";
import type { LoadedRun } from "../loaded_run.ts";

/**
 * The default path of a drawn picture: in `drawn` of the run's folder, prefixed by the checkpoint's
 * number.
 */
export function drawnPath(run: Pick<LoadedRun, "folder" | "imagesSeen">, name: string): string {
  return join(drawnFolder(run), `${String(run.imagesSeen).padStart(9, "0")}-${name}`);
}

/** The folder of {@linkcode drawnPath}. */
export function drawnFolder(run: Pick<LoadedRun, "folder">): string {
  return join(run.folder, "drawn");
}
