/** Whether runs can be made in a folder, before work that would be in vain. */
import { dirname, resolve } from "node:path";
import { RunError } from "../run_error.ts";

/**
 * Looks for a file where the folder of runs, or one above it, would be made; makes nothing itself.
 * @throws RunError where there is one
 */
export async function expectRunsFolder(runsFolder: string): Promise<void> {
  for (let path = resolve(runsFolder);; path = dirname(path)) {
    const info = await Deno.stat(path).catch(() => undefined); // other trouble is told later
    if (info?.isDirectory || dirname(path) === path) return;
    if (!info) continue;
    throw new RunError(
      `Cannot make a run in ${resolve(runsFolder)}: expected a folder to write in, received ` +
        `${path}, which is a file. Choose another by --runs`,
    );
  }
}
