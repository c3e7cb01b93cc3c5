/** Opens the run that a command's flags name. */
import type { Notices } from "../../core/run/notices.ts";
import { type OpenRun, openRun } from "../../core/run/open_run.ts";
import { chooseRun } from "../../core/run/places.ts";
import type { RunFlags } from "./run_flags.ts";

/** Opens the run that `--run` and `--checkpoint` name; the newest checkpoint of the newest run where they name none. */
export async function openChosenRun(flags: RunFlags, notices: Notices): Promise<OpenRun> {
  const folder = await chooseRun(flags, flags.run);
  return await openRun({ folder, checkpoint: flags.checkpoint, machine: flags, notices });
}
