/** What differs from what a checkpoint was made with, and whether the run may go on all the same. */
import { type Checkpoint, compareForResume } from "../../checkpoint/mod.ts";
import { inOrder } from "../../plugin/mod.ts";
import { withYoungerOptions } from "../spec/deciding_config.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { RunError } from "../run_error.ts";
import { checkpointMeta } from "./run_output.ts";

/**
 * Warns of differences that are accepted.
 * @param force accepts differences that change what is learned
 * @throws RunError naming every difference where one is refused
 */
export function acceptDifferences(
  prepared: PreparedRun,
  folder: RunFolder,
  { manifest: { meta } }: Checkpoint,
  force: boolean,
): void {
  const saved = { ...meta, config: withYoungerOptions(meta.config, inOrder(prepared.loaded)) };
  const now = { ...checkpointMeta(prepared), phases: saved.phases }; // options decide the phases; they are compared
  const differences = compareForResume(saved, now);
  if (differences.length === 0) return;
  const lines = differences.map(({ field, saved, now }) =>
    `  ${field}: ${JSON.stringify(saved)} → ${JSON.stringify(now)}`
  ).join("\n");
  const refused = differences.filter(({ severity }) =>
    severity === "refuse" || (severity === "force" && !force)
  );
  if (refused.length === 0) return prepared.notices.warn(`resuming is not exact:\n${lines}`);
  const isForcible = refused.every(({ severity }) => severity === "force");
  throw new RunError(
    `Cannot resume ${folder.id}: expected what the checkpoint was made with, received\n${lines}\n` +
      (isForcible
        ? "Call with the old values, or with --force to go on with the new ones (the run is then not exact)."
        : "Start a new run for this."),
  );
}
