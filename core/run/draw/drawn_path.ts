/** Where a picture goes that no place was named for. */
import { join } from "node:path";
import type { LoadedRun } from "../loaded_run.ts";

/** The default place of a picture: `drawn` inside the run's folder, named after the checkpoint. */
export function drawnPath(run: Pick<LoadedRun, "folder" | "imagesSeen">, name: string): string {
  return join(drawnFolder(run), `${String(run.imagesSeen).padStart(9, "0")}-${name}`);
}

/** Where {@linkcode drawnPath} leads. */
export function drawnFolder(run: Pick<LoadedRun, "folder">): string {
  return join(run.folder, "drawn");
}
