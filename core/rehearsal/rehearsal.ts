/** A phase tried apart from any run: its networks, steps on one batch, and what they take. */
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

/** What can be tried at a phase. */
export interface Rehearsal {
  /** The training, which shares nothing with a run. */
  readonly training: TrainingState;
  /** The loss terms of both networks. */
  readonly terms: readonly LossTerm[];
  /**
   * Runs a network's step with the terms that are due at its step number `at`: at 0 all of them.
   */
  step(network: NetworkName, at: number): Promise<TimedStep>;
  /** Gives the recorded steps back; the next ones are recorded anew. */
  forget(): void;
}

/**
 * Builds the networks of a phase apart from any run, and forgets them when `run` is over.
 * @param batch for every step, as the loader yields it
 * @param onRecorded told of each recording
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

/** A schedule in which all that comes before a phase is over when it starts, as where plugins cut. */
function startingWith(phases: readonly Phase[], phase: Phase): Phase[] {
  return phases.map((p) => {
    if (p.index === phase.index) return phase;
    if (p.index > phase.index) return p;
    return { ...p, start: Math.min(p.start, phase.start), end: Math.min(p.end, phase.start) };
  });
}

/** What a phase costs. */
export interface PhaseProbe {
  phase: Phase;
  /** Numbers that each network trains. */
  parameters: Record<NetworkName, number>;
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
  training: TrainingStateOptions;
  /** The run's schedule. Default: as its options plan it. */
  phases?: readonly Phase[] | undefined;
  /** A batch at a resolution, as the loader would yield it. */
  batch(resolution: number, batchSize: number): Promise<HostBatch>;
  /** Phases that were measured already; of other lengths, too. */
  known?: readonly PhaseProbe[];
  /** The image from which on phases are measured. Default: the first. */
  from?: number;
  /** Told of each phase when it is measured. */
  onPhase?(probe: PhaseProbe): void;
  /** Stops before the next phase. */
  signal?: AbortSignal;
}

/**
 * Measures each phase by a few steps and a preview: sizes, speed, memory. Phases that the run's
 * `images` leave out are left out, and one that they cut ends there.
 */
export async function probePhases(options: ProbeOptions): Promise<PhaseProbe[]> {
  const { training: { run, dataset }, known = [], from = 0 } = options;
  const last = run.images || Infinity, all = options.phases ?? phasesOf(planOf(run, dataset.count));
  const phases = all.filter(({ start, end }) => start < last && end > from)
    .map((p) => ({ ...p, start: Math.max(p.start, from), end: Math.min(p.end, last) }));
  const probes: PhaseProbe[] = [];
  for (const phase of phases) {
    options.signal?.throwIfAborted();
    const same = known.find((probe) => isAlike(probe.phase, phase));
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

function isAlike(a: Phase, b: Phase): boolean {
  return a.resolution === b.resolution && a.kind === b.kind && a.batchSize === b.batchSize;
}

function secondsOf(
  { start, end }: Phase,
  { imagesPerSecond, recordSeconds }: Pick<PhaseProbe, "imagesPerSecond" | "recordSeconds">,
): number {
  return (end - start) / imagesPerSecond + recordSeconds;
}

/** A preview is drawn in parts of few images: more of them take time, not memory. */
const MOST_CELLS = 16;

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
      await seconds(network, 0); // all terms are due; records
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
    const cells = Math.min(run.previewCount, MOST_CELLS, training.dataset.count);
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

/** Bytes that a phase needs, for steps that see `size` samples at once. */
export type MemoryNeed = (size: number) => number;

/**
 * Runs each network's step with all terms due op by op, and counts the bytes of tensors that live
 * at once. That is an affine function of the samples: weights, moments and kernels, plus
 * activations and their gradients for each sample.
 *
 * Op by op all activations live until the gradient is done, as they do in a recorded step; what
 * kernels need for themselves is not counted.
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

/**
 * Bytes that live at once when a phase's steps see `batchSize` samples.
 * @throws PluginError where the phase would fail with samples of any number, Error where a step of
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

/** The most bytes of tensors that lived while `run` ran. */
async function peakOf(run: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend(), time = Object.getOwnPropertyDescriptor(backend, "time");
  // Backends time each kernel in a promise, so that its error would be one that nobody awaits.
  backend.time = (kernel) => {
    kernel();
    return Promise.resolve({ kernelMs: 0 });
  };
  try {
    const profile = await tf.profile(async () => {
      await run();
      return tf.scalar(0); // its type asks for a tensor
    });
    tf.dispose(profile.result as tf.Scalar); // the one above
    return profile.peakBytes;
  } finally {
    tf.engine().state.profiling = false; // an error would leave it on
    if (time) Object.defineProperty(backend, "time", time);
    else Reflect.deleteProperty(backend, "time");
  }
}
