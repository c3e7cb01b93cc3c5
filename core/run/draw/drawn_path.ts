import { join } from "node:path";
import { padImages } from "../../checkpoint/paths.ts";
import type { LoadedRun } from "../loaded_run.ts";

/**
 * The default path of a drawn picture: in `drawn` of the run's folder, prefixed by the checkpoint's
 * number.
 */
export function drawnPath(run: Pick<LoadedRun, "folder" | "imagesSeen">, name: string): string {
  return join(drawnFolder(run), `${padImages(run.imagesSeen)}-${name}`);
}

/** The folder of {@linkcode drawnPath}. */
export function drawnFolder(run: Pick<LoadedRun, "folder">): string {
  return join(run.folder, "drawn");
}
