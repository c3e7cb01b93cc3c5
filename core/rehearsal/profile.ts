/** Profiles a phase's steps: times each recorded op by itself, and replays of the whole step. */
import type { Backend, ExecutedOp } from "../backend/types.ts";
import type { HostBatch } from "../data.ts";
import type { Phase } from "../schedule.ts";
import type { TimedStep } from "../trainer/phase_loop.ts";
import { rehearse } from "./rehearsal.ts";
import { NETWORKS, type TrainingStateOptions } from "../trainer/training_state.ts";

/** The profile of one kind of step: of one network, with one combination of due loss terms. */
export interface StepProfile {
  /** Network and terms, e.g. "discriminator:adversarial_d+r1". */
  name: string;
  /** The step's ops in order, executed one by one while it was recorded. */
  ops: readonly ExecutedOp[];
  /** Times of replays of the recorded step: of the whole step, and inside the library. */
  replays: readonly Omit<TimedStep, "values">[];
}

/** Timed replays of each step, after one that is not counted. */
const REPLAYS = 5;

/**
 * Records each kind of step twice, since the first time includes the library's one-time
 * preparations; reports the second, then replays the step.
 * @throws TypeError where the backend can't report ops
 */
export async function profileSteps(
  options: TrainingStateOptions,
  phase: Phase,
  batch: HostBatch,
): Promise<StepProfile[]> {
  const { backend } = options;
  if (!backend.watchRecording) {
    throw new TypeError(
      `Cannot profile: expected the TensorFlow backend, received ${backend.info.name}, which ` +
        `does not record steps`,
    );
  }
  let name = "";
  const onRecorded = (recorded: string) => void (name = recorded);
  try {
    const recording = { ...options, backend: recordingOnce(backend) };
    const place = { phase, batch, onRecorded };
    return await rehearse(recording, place, async ({ terms, step, forget }) => {
      const profiles: StepProfile[] = [];
      for (const network of NETWORKS) {
        const own = terms.filter((term) => term.of === network);
        if (own.length === 0) continue; // a network without weights
        const lazy = own.some((term) => (term.every ?? 1) > 1);
        // at step 0 all terms are due, at step 1 only those without `every`
        for (const at of lazy ? [0, 1] : [0]) {
          await step(network, at);
          forget();
          const ops: ExecutedOp[] = [];
          backend.watchRecording?.((op) => void ops.push(op));
          await step(network, at);
          backend.watchRecording?.();
          await step(network, at);
          const replays = [];
          for (let i = 0; i < REPLAYS; i++) replays.push(await step(network, at));
          forget();
          profiles.push({ name, ops, replays });
        }
      }
      return profiles;
    });
  } finally {
    backend.watchRecording();
  }
}

/** The backend without the second trace, which only verifies the first. */
function recordingOnce(backend: Backend): Backend {
  return { ...backend, compile: (name, fn) => backend.compile(name, fn, { verify: false }) };
}
