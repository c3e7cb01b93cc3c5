/** A budget's plan among several workers: worker 0 makes it, the others measure along. */
import type { Backend } from "../../backend/types.ts";
import type { RunConfig } from "../../config/mod.ts";
import { type PhaseProbe, probePhase } from "../../rehearsal/mod.ts";
import type { Phase } from "../../schedule.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { firstBatch } from "./first_batch.ts";
import { handOut } from "./hand_out.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { trainingOptions } from "./training_options.ts";

/** What worker 0 says next. */
type Told = {
  /** Steps of a phase are measured, which takes all workers. */
  probe: { run: RunConfig; phase: Phase };
} | {
  /** What was planned. */
  planned: Pick<RunSpec, "run" | "plan">;
};

/** Tells the other workers; there may be none. */
export async function tellPlanners({ gather }: Backend, told: Told): Promise<void> {
  if (gather) await handOut(gather, JSON.stringify(told));
}

/** Measures a phase; with several workers all of them do it at once. */
export function probeAt(prepared: PreparedRun, phase: Phase): Promise<PhaseProbe> {
  const training = trainingOptions(prepared, prepared.dataset.info);
  const batch = (resolution: number, size: number) => firstBatch(prepared, resolution, size);
  return probePhase({ training, batch }, phase);
}

/**
 * Measures what worker 0 measures, until it has planned.
 * @returns the run with its plan
 */
export async function followPlan(prepared: PreparedRun): Promise<PreparedRun> {
  const { spec, backend: { gather } } = prepared;
  if (!gather) throw new TypeError("Cannot follow a plan: expected several workers, received one");
  while (true) {
    const told = JSON.parse(await handOut(gather)) as Told; // as tellPlanners() wrote it
    if ("planned" in told) return { ...prepared, spec: { ...spec, ...told.planned } };
    const { run, phase } = told.probe;
    await probeAt({ ...prepared, spec: { ...spec, run } }, phase);
  }
}
