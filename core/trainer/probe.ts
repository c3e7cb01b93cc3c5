/** A short measurement of every phase before a run: sizes, speed, memory. */
import * as tf from "@tensorflow/tfjs";
import type { HostBatch } from "../data.ts";
import type { Phase } from "../schedule.ts";
import { createNetworkStep } from "./network_step.ts";
import { drawPreview } from "./preview.ts";
import { tensorsOf } from "./phase_loop.ts";
import {
  createTrainingState,
  NETWORKS,
  parameterCount,
  type TrainingStateOptions,
} from "./training_state.ts";

/** What a phase costs. */
export interface PhaseProbe {
  /** Which phase. */
  phase: Phase;
  /** Numbers that each network trains. */
  parameters: { generator: number; discriminator: number };
  /** Pace once it is recorded. */
  imagesPerSecond: number;
  /** Recording, once at its beginning. */
  recordSeconds: number;
  /** The process's resident memory while stepping and drawing a preview, bytes. */
  memoryBytes: number;
  /** Images of the phase over the measured pace, and recording. */
  seconds: number;
}

/** Options of {@linkcode probePhases}. */
export interface ProbeOptions {
  /** What the run would be made of. */
  training: TrainingStateOptions;
  /** A batch at a resolution, as the loader would yield it. */
  batch(resolution: number, batchSize: number): Promise<HostBatch>;
  /** Told of each phase when it is measured. */
  onPhase?(probe: PhaseProbe): void;
  /** Stops before the next phase. */
  signal?: AbortSignal;
}

/**
 * Builds each phase's networks, runs a few steps and a preview, and forgets them. Phases that the run's `images` leave out
 * are left out, and one that they cut ends there.
 */
export async function probePhases(options: ProbeOptions): Promise<PhaseProbe[]> {
  const first = createTrainingState(options.training);
  const last = first.run.images || Infinity;
  const phases = first.phases.filter(({ start }) => start < last)
    .map((phase) => ({ ...phase, end: Math.min(phase.end, last) }));
  first.dispose();
  const probes: PhaseProbe[] = [];
  for (const phase of phases) {
    options.signal?.throwIfAborted();
    const probe = await probePhase(options, phase);
    options.onPhase?.(probe);
    probes.push(probe);
  }
  return probes;
}

/** A preview is drawn in parts of few images: more of them take time, not memory. */
const MOST_CELLS = 16;

async function probePhase(
  { training: trainingOptions, batch }: ProbeOptions,
  phase: Phase,
): Promise<PhaseProbe> {
  const training = createTrainingState(trainingOptions);
  const { run, counters } = training;
  counters.imagesSeen = phase.start;
  training.enterPhase();
  const host = await batch(phase.resolution, phase.batchSize);
  const tensors = tensorsOf(host);
  const terms = training.driver.losses();
  let memoryBytes = 0, cycleSeconds = 0, recordSeconds = 0;
  for (const network of NETWORKS) {
    const step = createNetworkStep(training, {
      network,
      terms,
      onRecorded: (_, { recordMilliseconds, buildMilliseconds }) => {
        recordSeconds += (recordMilliseconds + buildMilliseconds) / 1000;
      },
    });
    const timed = async (at: number) => {
      counters[network] = at;
      const started = performance.now();
      await step.run(tensors);
      memoryBytes = Math.max(memoryBytes, Deno.memoryUsage().rss);
      return (performance.now() - started) / 1000;
    };
    const every = Math.max(1, ...terms.filter((t) => t.of === network).map((t) => t.every ?? 1));
    await timed(0); // all terms are due; records
    const due = await timed(0);
    let plain = due;
    if (every > 1) {
      await timed(1); // records the step without lazy terms
      plain = Math.min(await timed(1), await timed(1));
    }
    const steps = network === "discriminator" ? run.criticSteps : run.generatorSteps;
    cycleSeconds += steps * (due + (every - 1) * plain) / every;
    step.dispose();
  }
  const cells = Math.min(run.previewCount, MOST_CELLS, training.dataset.count);
  const previewBatch = await batch(phase.resolution, cells);
  await drawPreview(training, previewBatch, training.average ? "ema" : "live");
  memoryBytes = Math.max(memoryBytes, Deno.memoryUsage().rss);
  const parameters = {
    generator: parameterCount(training.model.generator),
    discriminator: parameterCount(training.model.discriminator),
  };
  tf.dispose(tensors);
  training.dispose();
  const imagesPerSecond = phase.batchSize * run.criticSteps / cycleSeconds;
  const seconds = (phase.end - phase.start) / imagesPerSecond + recordSeconds;
  return { phase, parameters, imagesPerSecond, recordSeconds, memoryBytes, seconds };
}
