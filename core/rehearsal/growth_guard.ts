/** Checks, before the networks grow, whether the next resolution fits into memory. */
import * as tf from "@tensorflow/tfjs";
import { WASM_HEAP_MAX } from "../backend/wasm_memory.ts";
import type { Dataset, HostBatch } from "../data.ts";
import { PluginError } from "../plugin/plugin_error.ts";
import type { Phase } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { isOutOfMemory, partsOf } from "../backend/memory.ts";
import { type MemoryNeed, memoryNeed } from "./rehearsal.ts";
import { type GrowthGuard, optionsOf, type TrainingState } from "../trainer/mod.ts";

/** The memory that a growth needs, and how to split batches so that it fits. */
export interface GrowthPlan {
  /** Parts that a batch is split into. */
  parts: number;
  /** Predicted growth of the process: with batches split as before, and into `parts`. */
  wholeBytes: number;
  bytes: number;
  /** False where not even single samples are expected to fit. */
  fits: boolean;
}

/**
 * Margin for the kernels' own buffers and for fragmentation. (StyleGAN at 4 to 64 px, batch 16:
 * resident memory grew by 0.89 to 1.04 times the prediction without this margin.)
 */
const MARGIN = 1.1;

/**
 * Finds the smallest number of parts with which the next resolution fits.
 * @param options.present what the current resolution takes, bytes
 * @param options.available what the process may take beyond that, bytes
 */
export function planGrowth(
  { need, present, available, batchSize, parts }: {
    need: MemoryNeed;
    present: number;
    available: number;
    batchSize: number;
    parts: number;
  },
): GrowthPlan {
  const growth = (p: number) => Math.max(0, need(batchSize / p) - present) * MARGIN;
  let chosen = partsOf(batchSize, parts);
  const wholeBytes = growth(chosen);
  while (growth(chosen) > available && chosen < batchSize) chosen = partsOf(batchSize, chosen + 1);
  const bytes = growth(chosen);
  return { parts: chosen, wholeBytes, bytes, fits: bytes <= available };
}

/**
 * Creates the guard of a training.
 * @param available bytes that the process may still take, see `availableMemory()`
 */
export function createGrowthGuard(
  training: TrainingState,
  dataset: Dataset,
  available: () => number,
): GrowthGuard {
  const { run, counters, outbox } = training;
  let seen = 0, present = 0; // the resolution checked last, px, and what its steps take, bytes

  const batch = (resolution: number) => async (batchSize: number): Promise<HostBatch> => {
    const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: run.seed });
    try {
      return await loader.next();
    } finally {
      loader.close();
    }
  };

  return {
    async look(phase) {
      const { resolution, batchSize } = phase;
      if (resolution === seen) return true; // its later phases need no more
      seen = resolution;
      try {
        const need = await memoryNeed(optionsOf(training), phase, batch(resolution));
        const free = Math.min(available(), heapRoom(training));
        const plan = planGrowth({
          need,
          present,
          available: free,
          batchSize,
          parts: counters.parts,
        });
        present = need(batchSize / plan.parts);
        tell(plan, phase, free);
        return plan.fits;
      } catch (error) {
        // also where a plugin's hook ran out
        if (isOutOfMemory(error)) return refuse(phase, messageOf(error));
        if (error instanceof PluginError) throw error; // the phase itself would fail the same way
        outbox.log(`${resolution} px: its memory need could not be predicted: ${messageOf(error)}`);
        return true;
      }
    },
  };

  function tell(plan: GrowthPlan, { resolution, batchSize }: Phase, free: number): void {
    // kept short enough for 80 columns
    const needs = `${resolution} px in batches of ${batchSize} takes about ` +
      `${sizeOf(plan.wholeBytes)} more memory of ${sizeOf(free)} free`;
    if (!plan.fits) {
      refuse({ resolution }, `${needs}; even single samples take ${sizeOf(plan.bytes)}`);
    } else if (plan.parts > partsOf(batchSize, counters.parts)) {
      outbox.warn(
        `memory-${resolution}`,
        `${needs}: each batch is computed as ${plan.parts} parts of ${
          batchSize / plan.parts
        } from now on, and their ` +
          `gradients are averaged. Whole batches are faster: free memory and resume from an ` +
          `earlier checkpoint (--resume ` +
          `RUN@CHECKPOINT), or ` +
          `give this resolution smaller ones (--sched)`,
      );
    } else {
      outbox.log(`${needs}.`);
    }
    counters.parts = Math.max(counters.parts, plan.parts);
  }

  function refuse({ resolution }: Pick<Phase, "resolution">, why: string): false {
    const or = resolution > run.startResolution
      ? `, or end at ${resolution / 2} px (--resolution)`
      : "";
    outbox.warn(
      `memory-${resolution}`,
      `${resolution} px may not fit into memory: ${why}. A checkpoint is written before it is ` +
        `tried. Free memory ` +
        `or train with narrower networks${or}`,
    );
    return false;
  }
}

/** What is left of WebAssembly's heap, bytes; no limit on other backends. */
function heapRoom({ backend }: TrainingState): number {
  return backend.info.name === "wasm" ? WASM_HEAP_MAX - tf.memory().numBytes : Infinity;
}

function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
