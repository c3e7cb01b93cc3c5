/**
 * Where the time of a phase's steps goes: each recorded op executed by itself, and replays of the
 * whole.
 */
import type { Backend, ExecutedOp } from "../backend/types.ts";
import type { HostBatch } from "../data.ts";
import type { Phase } from "../schedule.ts";
import type { TimedStep } from "../trainer/phase_loop.ts";
import { rehearse } from "./rehearsal.ts";
import { NETWORKS, type TrainingStateOptions } from "../trainer/training_state.ts";

/** One kind of step of a phase: a network's, with certain loss terms due. */
export interface StepProfile {
  /** Network and terms, e.g. "discriminator:adversarial_d+r1". */
  name: string;
  /** The step's ops in their order, executed one by one while it was recorded. */
  ops: readonly ExecutedOp[];
  /** Replays of the recorded step in one call: all of the step, and the part inside the library. */
  replays: readonly Omit<TimedStep, "values">[];
}

/** Replays of each step, after a first that is not counted. */
const REPLAYS = 5;

/**
 * Records each kind of step twice (what the library prepares once is over by the second time, which
 * is told), and replays it.
 * @throws TypeError where the backend can't tell of ops
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
        if (own.length === 0) continue; // a network without weights has no steps
        const lazy = own.some((term) => (term.every ?? 1) > 1);
        // step 0 has all terms due, step 1 those of each step
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

/** The backend without the second trace that only compares. */
function recordingOnce(backend: Backend): Backend {
  return { ...backend, compile: (name, fn) => backend.compile(name, fn, { verify: false }) };
}
