/**
 * Tries a phase apart from any run: builds its networks, runs steps on one batch, and measures
 * their time and memory.
 */
import * as tf from "@tensorflow/tfjs";
import { eagerFunction } from "../backend/eager_function.ts";
import type { NamedTensors, RecordingStats } from "../backend/types.ts";
import { planOf } from "../config/mod.ts";
import type { HostBatch } from "../data.ts";
import type { LossTerm, NetworkName } from "../plugin/mod.ts";
import { type Phase, phasesOf } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { openPhaseLoop, tensorsOf, type TimedStep } from "../trainer/phase_loop.ts";
import { drawPreview } from "../trainer/preview.ts";
import {
  createTrainingState,
  NETWORKS,
  parameterCounts,
  type TrainingState,
  type TrainingStateOptions,
} from "../trainer/training_state.ts";

/** What a rehearsal of a phase can do. */
export interface Rehearsal {
  /** A training of its own, which shares nothing with any run. */
  readonly training: TrainingState;
  /** The loss terms of both networks. */
  readonly terms: readonly LossTerm[];
  /** Runs the network's step number `at`, which decides the lazy terms that are due: at 0, all. */
  step(network: NetworkName, at: number): Promise<TimedStep>;
  /** Disposes the recorded steps; the next ones are recorded again. */
  forget(): void;
}

/**
 * Builds the networks of a phase apart from any run, and disposes them when `run` is over.
 * @param batch used for every step, as the loader yields it
 * @param onRecorded called after each recording
 */
export async function rehearse<T>(
  options: TrainingStateOptions,
  { phase, batch, onRecorded }: {
    phase: Phase;
    batch: HostBatch;
    onRecorded?: (name: string, stats: RecordingStats) => void;
  },
  run: (rehearsal: Rehearsal) => Promise<T>,
): Promise<T> {
  const training = createTrainingState(options);
  let tensors: NamedTensors = {};
  try {
    tensors = tensorsOf(batch);
    training.phases = startingWith(training.phases, phase);
    training.counters.imagesSeen = phase.start;
    const loader = { next: () => Promise.resolve(batch), waitedMilliseconds: 0, close() {} };
    const loop = openPhaseLoop(training, loader, onRecorded);
    try {
      return await run({
        training,
        terms: loop.terms,
        step(network, at) {
          training.counters[network] = at;
          return loop.step(network, tensors);
        },
        forget: () => loop.forget(),
      });
    } finally {
      await loop.close();
    }
  } finally {
    tf.dispose(tensors);
    training.dispose();
  }
}

/** The schedule with all earlier phases ending where `phase` starts, as if plugins had cut them. */
function startingWith(phases: readonly Phase[], phase: Phase): Phase[] {
  return phases.map((p) => {
    if (p.index === phase.index) return phase;
    if (p.index > phase.index) return p;
    return { ...p, start: Math.min(p.start, phase.start), end: Math.min(p.end, phase.start) };
  });
}

/** Measured costs of a phase. */
export interface PhaseProbe {
  phase: Phase;
  /** Trainable parameters of each network. */
  parameters: Record<NetworkName, number>;
  /** Speed once the steps are recorded. */
  imagesPerSecond: number;
  /** Time to record the steps, once at the start of the phase. */
  recordSeconds: number;
  /** Peak resident memory of the process during steps and a preview, bytes. */
  memoryBytes: number;
  /** Estimated time of the whole phase, recording included. */
  seconds: number;
}

/** Options of {@linkcode probePhases}. */
export interface ProbeOptions {
  training: TrainingStateOptions;
  /** The run's schedule. Default: the one that its options give. */
  phases?: readonly Phase[] | undefined;
  /** Provides a batch as the loader would yield it. */
  batch(resolution: number, batchSize: number): Promise<HostBatch>;
  /** Phases measured before, whatever their lengths. */
  known?: readonly PhaseProbe[];
  /** The imagesSeen from which on phases are measured. Default: 0. */
  from?: number;
  /** Called after each measured phase. */
  onPhase?(probe: PhaseProbe): void;
  /** Stops before the next phase. */
  signal?: AbortSignal;
}

/**
 * Measures each phase by a few steps and a preview: parameters, speed, memory. Phases beyond the
 * run's `images` are skipped, and the one in which it ends is shortened.
 */
export async function probePhases(options: ProbeOptions): Promise<PhaseProbe[]> {
  const { training: { run, dataset }, known = [], from = 0 } = options;
  const last = run.images || Infinity, all = options.phases ?? phasesOf(planOf(run, dataset.count));
  const phases = all.filter(({ start, end }) => start < last && end > from)
    .map((p) => ({ ...p, start: Math.max(p.start, from), end: Math.min(p.end, last) }));
  const probes: PhaseProbe[] = [];
  for (const phase of phases) {
    options.signal?.throwIfAborted();
    const same = known.find((probe) => costsTheSame(probe.phase, phase));
    if (same) {
      probes.push({ ...same, phase, seconds: secondsOf(phase, same) });
      continue;
    }
    const probe = await probePhase(options, phase);
    options.onPhase?.(probe);
    probes.push(probe);
  }
  return probes;
}

function costsTheSame(a: Phase, b: Phase): boolean {
  return a.resolution === b.resolution && a.kind === b.kind && a.batchSize === b.batchSize;
}

function secondsOf(
  { start, end }: Phase,
  { imagesPerSecond, recordSeconds }: Pick<PhaseProbe, "imagesPerSecond" | "recordSeconds">,
): number {
  return (end - start) / imagesPerSecond + recordSeconds;
}

/** Most cells of the preview: it is drawn in chunks, so that more cells take time, not memory. */
const MAX_CELLS = 16;

/** Measures a phase by a few steps and a preview. */
export async function probePhase(
  { training: options, batch }: ProbeOptions,
  phase: Phase,
): Promise<PhaseProbe> {
  const { resolution, batchSize } = phase;
  let recordSeconds = 0;
  const onRecorded = (_: string, { recordMilliseconds, buildMilliseconds }: RecordingStats) => {
    recordSeconds += (recordMilliseconds + buildMilliseconds) / 1000;
  };
  const place = { phase, batch: await batch(resolution, batchSize), onRecorded };
  return await rehearse(options, place, async ({ training, terms, step, forget }) => {
    const { run } = training;
    let memoryBytes = 0, cycleSeconds = 0;
    const seconds = async (network: NetworkName, at: number) => {
      const { milliseconds } = await step(network, at);
      memoryBytes = Math.max(memoryBytes, Deno.memoryUsage().rss);
      return milliseconds / 1000;
    };
    for (const network of NETWORKS) {
      const every = Math.max(1, ...terms.filter((t) => t.of === network).map((t) => t.every ?? 1));
      await seconds(network, 0); // all terms are due; records the step
      const due = await seconds(network, 0);
      let plain = due;
      if (every > 1) {
        await seconds(network, 1); // records the step without lazy terms
        plain = Math.min(await seconds(network, 1), await seconds(network, 1));
      }
      const steps = network === "discriminator" ? run.criticSteps : run.generatorSteps;
      cycleSeconds += steps * (due + (every - 1) * plain) / every;
      forget();
    }
    const cells = Math.min(run.previewCount, MAX_CELLS, training.dataset.count);
    const weights = training.average ? "ema" : "live";
    await drawPreview(training, await batch(resolution, cells), weights);
    memoryBytes = Math.max(memoryBytes, Deno.memoryUsage().rss);
    const imagesPerSecond = batchSize * run.criticSteps / cycleSeconds;
    return {
      phase,
      parameters: parameterCounts(training),
      imagesPerSecond,
      recordSeconds,
      memoryBytes,
      seconds: secondsOf(phase, { imagesPerSecond, recordSeconds }),
    };
  });
}

/** Bytes that a phase's steps need for `size` samples at once. */
export type MemoryNeed = (size: number) => number;

/**
 * Predicts a phase's memory need: runs each network's step eagerly with all terms due, and takes
 * the peak of the live tensors' bytes. It is an affine function of the number of samples: weights
 * and moments, plus activations and their gradients per sample.
 *
 * In eager execution all activations live until the gradient is done, as in a recorded step;
 * scratch memory of the kernels is not counted.
 * @param options of the run's training, which stays unchanged
 * @param batch provides 2 and 4 samples at the phase's resolution; 1 and 2 for batches below 8
 */
export async function memoryNeed(
  options: TrainingStateOptions,
  phase: Phase,
  batch: (size: number) => Promise<HostBatch>,
): Promise<MemoryNeed> {
  const few = phase.batchSize >= 8 ? 2 : 1; // terms may use half of the samples
  const first = await stepBytes(options, phase, await batch(few), few);
  const second = await stepBytes(options, phase, await batch(2 * few), 2 * few);
  const each = Math.max(0, second - first) / few;
  return (size) => first + (size - few) * each;
}

/**
 * Peak bytes of live tensors when a phase's steps see `batchSize` samples.
 * @throws PluginError where the phase fails whatever the number of samples, Error where a step with
 * this many does
 */
export async function stepBytes(
  options: TrainingStateOptions,
  phase: Phase,
  batch: HostBatch,
  batchSize: number,
): Promise<number> {
  const before = tf.memory().numBytes;
  const eager = { ...options, backend: { ...options.backend, compile: eagerFunction } };
  const place = { phase: { ...phase, batchSize }, batch };
  return await rehearse(eager, place, async ({ step, forget }) => {
    let peak = 0;
    for (const network of NETWORKS) {
      try {
        peak = Math.max(peak, await peakOf(() => step(network, 0)));
      } catch (cause) {
        throw new Error(`a step of ${batchSize} samples failed: ${messageOf(cause)}`, { cause });
      }
      forget();
    }
    return peak - before;
  });
}

/** Peak bytes of live tensors while `run` runs. */
async function peakOf(run: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend(), time = Object.getOwnPropertyDescriptor(backend, "time");
  // The backends' own `time` runs each kernel in a promise, so that its error would be an unhandled
  // rejection.
  backend.time = (kernel) => {
    kernel();
    return Promise.resolve({ kernelMs: 0 });
  };
  try {
    const profile = await tf.profile(async () => {
      await run();
      return tf.scalar(0); // tf.profile's type requires a tensor
    });
    tf.dispose(profile.result as tf.Scalar); // the scalar above
    return profile.peakBytes;
  } finally {
    tf.engine().state.profiling = false; // an error leaves it on
    if (time) Object.defineProperty(backend, "time", time);
    else Reflect.deleteProperty(backend, "time");
  }
}
