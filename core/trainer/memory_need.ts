/** How much memory a phase's steps take, from steps with few samples. */
import * as tf from "@tensorflow/tfjs";
import { eagerFunction } from "../backend/eager_function.ts";
import type { HostBatch } from "../data.ts";
import type { Phase } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { createNetworkStep } from "./network_step.ts";
import {
  createTrainingState,
  NETWORKS,
  type TrainingState,
  type TrainingStateOptions,
} from "./training_state.ts";
import { tensorsOf } from "./phase_loop.ts";

/** Bytes that a phase needs, for steps that see `size` samples at once. */
export type MemoryNeed = (size: number) => number;

/**
 * Builds the phase's networks apart, runs each network's step with all terms due op by op, and counts the bytes of
 * tensors that live at once. That is an affine function of the samples: weights, moments and kernels, plus activations
 * and their gradients for each sample.
 *
 * Op by op all activations live until the gradient is done, as they do in a recorded step; what kernels need
 * for themselves is not counted.
 * @param options of the run's training, which is not changed
 * @param batch up to four samples at the phase's resolution, two where a batch is small
 */
export async function memoryNeed(
  options: TrainingStateOptions,
  phase: Phase,
  batch: (size: number) => Promise<HostBatch>,
): Promise<MemoryNeed> {
  const few = phase.batchSize >= 8 ? 2 : 1; // terms may look at a half of the samples
  const first = await stepBytes(options, phase, await batch(few), few);
  const second = await stepBytes(options, phase, await batch(2 * few), 2 * few);
  const each = Math.max(0, second - first) / few;
  return (size) => first + (size - few) * each;
}

/** What made a training, to make another that shares nothing with it. */
export function optionsOf({ run, plugins, dataset, backend }: TrainingState): TrainingStateOptions {
  return { run, plugins, dataset, backend };
}

/**
 * Bytes that live at once when a phase's steps, apart from the run, see `batchSize` samples.
 * @throws PluginError where the phase would fail with samples of any number, Error where a step of this many does
 */
export async function stepBytes(
  options: TrainingStateOptions,
  phase: Phase,
  host: HostBatch,
  batchSize: number,
): Promise<number> {
  const before = tf.memory().numBytes;
  const training = createTrainingState({
    ...options,
    backend: { ...options.backend, compile: eagerFunction },
  });
  const tensors = tensorsOf(host);
  try {
    training.phases = training.phases.map((p) =>
      p.index === phase.index ? { ...phase, batchSize } : p
    );
    training.counters.imagesSeen = phase.start;
    training.enterPhase();
    const terms = training.driver.losses();
    let peak = 0;
    for (const network of NETWORKS) {
      const step = createNetworkStep(training, { network, terms }); // at step 0, where lazy terms are due
      try {
        peak = Math.max(peak, await peakOf(() => step.run(tensors)));
      } catch (cause) {
        throw new Error(`a step of ${batchSize} samples failed: ${messageOf(cause)}`, { cause });
      } finally {
        step.dispose();
      }
    }
    return peak - before;
  } finally {
    tf.dispose(tensors);
    training.dispose();
  }
}

/** The most bytes of tensors that lived while `run` ran. */
async function peakOf(run: () => Promise<unknown>): Promise<number> {
  try {
    const profile = await tf.profile(async () => {
      await run();
      return tf.scalar(0); // its type asks for a tensor
    });
    tf.dispose(profile.result as tf.Scalar); // the one above
    return profile.peakBytes;
  } finally {
    tf.engine().state.profiling = false; // an error would leave it on
  }
}
