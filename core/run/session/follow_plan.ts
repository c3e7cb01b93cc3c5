/**
 * Planning from a budget with several workers: worker 0 makes the plan, the others take part in its
 * measurements.
 */
import type { Backend } from "../../backend/types.ts";
import type { RunConfig } from "../../config/mod.ts";
import { type PhaseProbe, probePhase } from "../../rehearsal/mod.ts";
import type { Phase } from "../../schedule.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { firstBatch } from "./first_batch.ts";
import { handOut } from "./hand_out.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { trainingOptions } from "./training_options.ts";

/** A message of worker 0. */
type Told = {
  /** Measure steps of a phase, which takes all workers. */
  probe: { run: RunConfig; phase: Phase };
} | {
  /** The finished plan. */
  planned: Pick<RunSpec, "run" | "plan">;
};

/** Sends a message to the other workers, if any. */
export async function tellPlanners({ gather }: Backend, told: Told): Promise<void> {
  if (gather) await handOut(gather, JSON.stringify(told));
}

/** Measures a phase; with several workers, all must do it at the same time. */
export function probeAt(prepared: PreparedRun, phase: Phase): Promise<PhaseProbe> {
  const training = trainingOptions(prepared, prepared.dataset.info);
  const batch = (resolution: number, size: number) => firstBatch(prepared, resolution, size);
  return probePhase({ training, batch }, phase);
}

/**
 * Takes part in worker 0's measurements until it has made the plan.
 * @returns the run with its plan
 */
export async function followPlan(prepared: PreparedRun): Promise<PreparedRun> {
  const { spec, backend: { gather } } = prepared;
  if (!gather) throw new TypeError("Cannot follow a plan: expected several workers, received one");
  while (true) {
    const told = JSON.parse(await handOut(gather)) as Told; // written by tellPlanners()
    if ("planned" in told) return { ...prepared, spec: { ...spec, ...told.planned } };
    const { run, phase } = told.probe;
    await probeAt({ ...prepared, spec: { ...spec, run } }, phase);
  }
}
