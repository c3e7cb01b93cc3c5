/** Opens the run that a command's flags name. */
import type { Notices } from "../../core/run/notices.ts";
import { type OpenRun, openRun } from "../../core/run/open_run.ts";
import type { RunFlags } from "./run_flags.ts";
import { trustOf } from "./trust_flag.ts";

/**
 * Opens the run and checkpoint that `--run` and `--checkpoint` name; by default the newest
 * checkpoint of the newest run.
 */
export function openChosenRun(flags: RunFlags, notices: Notices): Promise<OpenRun> {
  const { run, runs, checkpoint, backend, threads, tensorflow, device, download, trust } = flags;
  return openRun({
    run,
    runs,
    checkpoint,
    backend,
    device,
    download,
    ...(threads === undefined ? {} : { threads }),
    ...(tensorflow === undefined ? {} : { tensorflow }),
    trust: trustOf(trust),
    notices,
  });
}
