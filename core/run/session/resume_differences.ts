/** Differences from what a checkpoint was made with, and whether the run may be resumed anyway. */
import { type Checkpoint, compareForResume, type ResumeDifference } from "../../checkpoint/mod.ts";
import { inOrder } from "../../plugin/mod.ts";
import { decidingConfig, withYoungerOptions } from "../spec/deciding_config.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { RunError } from "../run_error.ts";
import { checkpointCodes, checkpointMeta } from "./run_output.ts";
import { stateOfMeta } from "../folder/folder_output.ts";
import { PLANNED } from "../spec/run_plan.ts";
import { readSavedRun } from "../spec/saved_run.ts";

/** Which differences are accepted. */
export interface Accepted {
  /** Differences that affect training. */
  force: boolean;
  /** A different plan of the rest, since a new one is about to be made. */
  replans: boolean;
}

/**
 * Warns of accepted differences.
 * @throws RunError listing all differences where one is refused
 */
export async function acceptDifferences(
  prepared: PreparedRun,
  folder: RunFolder,
  { manifest: { meta } }: Checkpoint,
  { force, replans }: Accepted,
): Promise<void> {
  const own = checkpointMeta(prepared);
  const before = withYoungerOptions(meta.config, inOrder(prepared.loaded));
  const written = await readSavedRun(folder, "resume"), { plan } = written;
  const { imagesSeen } = stateOfMeta(meta).counters;
  // A plan affects only what comes after it: a checkpoint from before it is resumed with it.
  const isPlanned = plan !== undefined && imagesSeen <= plan.from;
  const planned = replans
    ? own.config
    : isPlanned
    ? decidingConfig(written, inOrder(prepared.loaded))
    : {};
  const config = { ...before, ...pick(planned, PLANNED) };
  const codes = checkpointCodes(own.versions); // older checkpoints have no digests of code
  const saved = { ...meta, config, versions: { ...codes, ...meta.versions } };
  // phases follow from the options, which are compared
  const now = { ...own, phases: saved.phases };
  const differences = compareForResume(saved, now);
  if (differences.length === 0) return;
  const lines = differences.map((one) => `  ${one.field}: ${changeText(one)}`).join("\n");
  const refused = differences.filter(({ severity }) =>
    severity === "refuse" || (severity === "force" && !force)
  );
  if (refused.length === 0) return prepared.notices.warn(`resuming is not exact:\n${lines}`);
  const isForcible = refused.every(({ severity }) => severity === "force");
  throw new RunError(
    `Cannot resume ${folder.id}: expected what the checkpoint was made with, received\n${lines}\n` +
      (isForcible
        ? "Call with the old values, or with --force to go on with the new ones (the run is " +
          "then not exact)."
        : "Start a new run for this."),
  );
}

/** Both values; of equally long lists, such as `sched`, only the entries that differ. */
function changeText({ saved, now }: Pick<ResumeDifference, "saved" | "now">): string {
  let [before, after] = [saved, now];
  if (Array.isArray(saved) && Array.isArray(now) && saved.length === now.length) {
    const differs = (_: unknown, i: number) => JSON.stringify(saved[i]) !== JSON.stringify(now[i]);
    [before, after] = [saved.filter(differs), now.filter(differs)];
  }
  return `${JSON.stringify(before)} → ${JSON.stringify(after)}`;
}

function pick(
  values: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}
