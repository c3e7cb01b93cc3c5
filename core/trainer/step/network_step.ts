/** One optimizer step of one network: its due loss terms, their gradients and the update. */
import * as tf from "@tensorflow/tfjs";
import type { NamedTensors, RecordingStats } from "../../backend/types.ts";
import type { LossTerm, NetworkName } from "../../plugin/mod.ts";
import { isOutOfMemory, partsOf } from "../../backend/memory.ts";
import type { TrainingState } from "../training_state.ts";
import { controlsOf } from "./step_context.ts";
import { createStepVariant, type StepVariant } from "./step_variant.ts";

/** What a step measured, by name: `loss/<network>`, `term/<name>`, and what terms reported. */
export type StepValues = Record<string, number>;

/** The steps of one network in one phase. */
export interface NetworkStep {
  /** Runs one step and counts it. `batch` holds the loader's tensors; the caller disposes them. */
  run(batch: NamedTensors): Promise<StepValues>;
  /** Time that the last run spent inside the TensorFlow library, milliseconds. */
  readonly libraryMilliseconds: number;
  /** Disposes the recorded steps. */
  dispose(): void;
}

/** Options of {@linkcode createNetworkStep}. */
export interface NetworkStepOptions {
  network: NetworkName;
  /** Terms of both networks; those of the other network are ignored. */
  terms: readonly LossTerm[];
  /** Called after each recording. */
  onRecorded?: (name: string, stats: RecordingStats) => void;
}

/**
 * For a network without weights, such as the missing critic of a generator trained on a pixel loss.
 */
const noStep: NetworkStep = {
  run: () => Promise.resolve({}),
  libraryMilliseconds: 0,
  dispose() {},
};

/**
 * Lazy terms (Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section
 * 3.1) are computed at every n-th step of the network, multiplied by n; each combination of due
 * terms is compiled once.
 *
 * A step that runs out of memory changes nothing; it is run again with the batch split into twice
 * as many parts, as are all later steps.
 */
export function createNetworkStep(
  training: TrainingState,
  options: NetworkStepOptions,
): NetworkStep {
  const { network } = options;
  const terms = options.terms.filter((term) => term.of === network);
  if (terms.length === 0 && training.network(network).trainable().length === 0) return noStep;
  if (terms.length === 0) {
    throw new TypeError(
      `Cannot train: expected a loss term of the ${network}, received none from the plugins`,
    );
  }
  const variants = new Map<string, StepVariant>();
  let libraryMilliseconds = 0;

  function variantOf(due: readonly LossTerm[], parts: number): StepVariant {
    const key = `${parts}:${due.map((term) => term.name).join("+")}`;
    let variant = variants.get(key);
    if (!variant) {
      variants.set(key, variant = createStepVariant(training, { network, due, parts }));
    }
    return variant;
  }

  function forget(): void {
    for (const variant of variants.values()) variant.dispose();
    variants.clear();
  }

  async function attempt(batch: NamedTensors, parts: number): Promise<StepValues> {
    const step = training.counters[network];
    const variant = variantOf(terms.filter((term) => step % (term.every ?? 1) === 0), parts);
    const controls = controlsOf(training, network);
    try {
      const values = await variant.run(controls, batch);
      training.counters[network]++;
      libraryMilliseconds = variant.libraryMilliseconds;
      for (const { name, stats } of variant.recorded) options.onRecorded?.(name, stats);
      return values;
    } finally {
      tf.dispose(controls);
    }
  }

  return {
    async run(batch) {
      const { counters } = training;
      const { batchSize, resolution } = training.position().phase;
      while (true) {
        const parts = partsOf(batchSize, counters.parts);
        try {
          return await attempt(batch, parts);
        } catch (error) {
          // other workers have not run out of memory and wait for this one's whole share
          const isAlone = training.backend.place === undefined;
          if (!isOutOfMemory(error) || parts === batchSize || !isAlone) throw error;
          forget(); // frees the memory that they hold
          counters.parts = partsOf(batchSize, 2 * parts);
          training.outbox.warn(
            `out-of-memory-${resolution}-${counters.parts}`,
            `Out of memory at ${resolution} px: each batch of ${batchSize} is computed as ` +
              `${counters.parts} parts of ` +
              `${batchSize / counters.parts} from now on, and their gradients are averaged.`,
          );
        }
      }
    },
    get libraryMilliseconds() {
      return libraryMilliseconds;
    },
    dispose: forget,
  };
}
