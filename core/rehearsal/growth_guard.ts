/** Looks before the networks grow whether the next resolution fits into memory. */
import * as tf from "@tensorflow/tfjs";
import { WASM_HEAP_MAX } from "../backend/wasm_memory.ts";
import type { Dataset, HostBatch } from "../data.ts";
import { PluginError } from "../plugin/plugin_error.ts";
import type { Phase } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { isOutOfMemory, partsOf } from "../backend/memory.ts";
import { type MemoryNeed, memoryNeed } from "./rehearsal.ts";
import { type GrowthGuard, optionsOf, type TrainingState } from "../trainer/mod.ts";

/** What a growth will take, and how batches are computed so that it fits. */
export interface GrowthPlan {
  /** Parts that a batch is cut into. */
  parts: number;
  /** Predicted growth of the process with batches in one piece, and in `parts`. */
  wholeBytes: number;
  bytes: number;
  /** False where no number of parts is expected to fit. */
  fits: boolean;
}

/**
 * Room for kernels' own buffers, and for what the allocator can't reuse. (StyleGAN of 4 to 64 px,
 * batch 16: resident memory grew by 0.89 to 1.04 times what was predicted without it.)
 */
const MARGIN = 1.1;

/**
 * The fewest parts with which the next resolution fits.
 * @param options.present what the process holds for the present resolution, bytes
 * @param options.available what it may take beyond that, bytes
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
 * A guard over a training.
 * @param available bytes that the process may still take, see `availableMemory()`
 */
export function createGrowthGuard(
  training: TrainingState,
  dataset: Dataset,
  available: () => number,
): GrowthGuard {
  const { run, counters, outbox } = training;
  let seen = 0, present = 0; // the resolution that was looked at last, and what its steps take

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
      if (resolution === seen) return true; // its later phases need less
      seen = resolution;
      try {
        const need = await memoryNeed(optionsOf(training), phase, batch(resolution));
        const free = Math.min(available(), ownRoom(training));
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
        if (isOutOfMemory(error)) return refuse(phase, messageOf(error)); // in a plugin's hook, too
        if (error instanceof PluginError) throw error; // the phase itself would fail alike
        outbox.log(`${resolution} px: what memory it needs was not predicted: ${messageOf(error)}`);
        return true;
      }
    },
  };

  function tell(plan: GrowthPlan, { resolution, batchSize }: Phase, free: number): void {
    // fits into 80 columns
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

/** What WebAssembly's heap has left, whatever the system has. */
function ownRoom({ backend }: TrainingState): number {
  return backend.info.name === "wasm" ? WASM_HEAP_MAX - tf.memory().numBytes : Infinity;
}

function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
