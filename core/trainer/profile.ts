/** Where the time of a phase's steps goes: each recorded op executed by itself, and replays of the whole. */
import * as tf from "@tensorflow/tfjs";
import type { Backend, ExecutedOp } from "../backend/types.ts";
import type { HostBatch } from "../data.ts";
import type { Phase } from "../schedule.ts";
import { createNetworkStep } from "./network_step.ts";
import { createTrainingState, NETWORKS, type TrainingStateOptions } from "./training_state.ts";
import { tensorsOf } from "./phase_loop.ts";

/** One kind of step of a phase: a network's, with certain loss terms due. */
export interface StepProfile {
  /** Network and terms, e.g. "discriminator:adversarial_d+r1". */
  name: string;
  /** The step's ops in their order, executed one by one while it was recorded. */
  ops: readonly ExecutedOp[];
  /** Replays of the recorded step in one call: all of the step, and the part inside the library. */
  replays: readonly { startedAt: number; milliseconds: number; libraryMilliseconds: number }[];
}

/** Replays of each step, after a first that is not counted. */
const REPLAYS = 5;

/**
 * Builds the phase's networks apart from any run, records each kind of step twice (what the library prepares once is
 * over by the second time, which is told), and replays it.
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
      `Cannot profile: expected the TensorFlow backend, received ${backend.info.name}, which does not record steps`,
    );
  }
  const training = createTrainingState({ ...options, backend: recordingOnce(backend) });
  const tensors = tensorsOf(batch);
  try {
    training.phases = training.phases.map((p) => p.index === phase.index ? phase : p);
    training.counters.imagesSeen = phase.start;
    training.enterPhase();
    const terms = training.driver.losses();
    const profiles: StepProfile[] = [];
    for (const network of NETWORKS) {
      const lazy = terms.some((term) => term.of === network && (term.every ?? 1) > 1);
      for (const at of lazy ? [0, 1] : [0]) { // step 0 has all terms due, step 1 those of each step
        const run = async (step: ReturnType<typeof createNetworkStep>) => {
          training.counters[network] = at;
          const startedAt = performance.now();
          await step.run(tensors);
          const milliseconds = performance.now() - startedAt;
          return { startedAt, milliseconds, libraryMilliseconds: step.libraryMilliseconds };
        };
        let name = "";
        const newStep = () =>
          createNetworkStep(training, { network, terms, onRecorded: (n) => void (name = n) });
        const first = newStep();
        await run(first);
        first.dispose();
        const ops: ExecutedOp[] = [], step = newStep();
        backend.watchRecording((op) => void ops.push(op));
        await run(step);
        backend.watchRecording();
        await run(step);
        const replays = [];
        for (let i = 0; i < REPLAYS; i++) replays.push(await run(step));
        step.dispose();
        profiles.push({ name, ops, replays });
      }
    }
    return profiles;
  } finally {
    backend.watchRecording();
    tf.dispose(tensors);
    training.dispose();
  }
}

/** The backend without the second trace that only compares. */
function recordingOnce(backend: Backend): Backend {
  return { ...backend, compile: (name, fn) => backend.compile(name, fn, { verify: false }) };
}
