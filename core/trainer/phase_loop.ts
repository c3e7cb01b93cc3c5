/** What lives as long as a phase: its data, its recorded steps. */
import * as tf from "@tensorflow/tfjs";
import type { NamedTensors, RecordingStats } from "../backend/types.ts";
import type { BatchLoader, Dataset, HostBatch } from "../data.ts";
import { addTo, averagesOf, type RunningMeans } from "./running_means.ts";
import { createNetworkStep, type NetworkStep, type StepValues } from "./network_step.ts";
import type { HostPreview } from "./preview.ts";
import type { NetworkName } from "../plugin/mod.ts";
import { NETWORKS, type TrainingState } from "./training_state.ts";

/** A phase in training. */
export interface PhaseLoop {
  /** Position in the schedule. */
  readonly phaseIndex: number;
  /** Held-out data for previews. */
  readonly preview: HostBatch;
  /** Recordings so far. */
  readonly recordings: number;
  /** One cycle: `criticSteps` discriminator steps, each on a new batch, then `generatorSteps` generator steps. */
  cycle(): Promise<CycleValues>;
  /** Stops the loader and gives the recorded steps back. */
  close(): Promise<void>;
}

/** What a cycle measured. */
export interface CycleValues {
  /** A pure function of the run's state: belongs to checkpoints. */
  values: StepValues;
  /** Shares of the cycle's time: they differ from machine to machine. */
  timings: StepValues;
}

/** Opens the data of the training's phase and prepares its steps; they are recorded when they first run. */
export async function openPhaseLoop(
  training: TrainingState,
  dataset: Dataset,
  onRecorded: (name: string, stats: RecordingStats) => Promise<void>,
): Promise<PhaseLoop> {
  const { run, counters } = training;
  const { phase } = training.position();
  const { resolution, batchSize } = phase;
  const preview = await heldOutBatch(training, dataset, resolution, { fill: false });
  const cursor = counters.cursor;
  const loader = dataset.open({ resolution, batchSize, cursor, seed: run.seed, flip: run.flip });
  const terms = training.driver.losses();
  const recorded: Promise<void>[] = [];
  const step = (network: NetworkName) =>
    createNetworkStep(training, {
      network,
      terms,
      onRecorded: (name, stats) => void recorded.push(onRecorded(name, stats)),
    });
  const steps = { generator: step("generator"), discriminator: step("discriminator") };
  return {
    phaseIndex: phase.index,
    preview,
    get recordings() {
      return recorded.length;
    },
    cycle: () => cycle(training, loader, steps, batchSize),
    async close() {
      loader.close();
      for (const name of NETWORKS) steps[name].dispose();
      await Promise.all(recorded);
    },
  };
}

async function cycle(
  training: TrainingState,
  loader: BatchLoader,
  steps: Record<NetworkName, NetworkStep>,
  batchSize: number,
): Promise<CycleValues> {
  const { run, counters } = training;
  const sums: RunningMeans = {};
  const started = performance.now(), waited = loader.waitedMilliseconds;
  let library = 0;
  let batch: NamedTensors = {};
  const nextBatch = async () => {
    tf.dispose(batch);
    batch = tensorsOf(await loader.next());
    counters.cursor += batchSize;
  };
  const run1 = async (network: NetworkName) => {
    addTo(sums, await steps[network].run(batch));
    library += steps[network].libraryMilliseconds;
  };
  try {
    for (let i = 0; i < run.criticSteps; i++) {
      await nextBatch();
      await run1("discriminator");
    }
    for (let i = 0; i < run.generatorSteps; i++) {
      if (i > 0) await nextBatch();
      await run1("generator");
    }
  } finally {
    tf.dispose(batch);
  }
  counters.imagesSeen += batchSize * run.criticSteps;
  const whole = performance.now() - started;
  return {
    values: averagesOf(sums),
    timings: {
      "time/waiting_for_data": (loader.waitedMilliseconds - waited) / whole,
      ...(library > 0 ? { "time/outside_library": Math.max(0, 1 - library / whole) } : {}),
    },
  };
}

/** The batch on the backend; int32 stays int32. */
export function tensorsOf(batch: HostBatch): NamedTensors {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
    ]),
  );
}

/**
 * The first held-out samples, as many as a preview has cells; of the training data where none are held out.
 * @param options.fill whether training data follows where fewer are held out, as in a picture of reals; a preview that
 * is drawn from its batch shall hold none that was learned from. Default true
 */
export async function heldOutBatch(
  { run }: Pick<TrainingState, "run">,
  dataset: Dataset,
  resolution: number,
  { fill = true }: { fill?: boolean } = {},
): Promise<HostBatch> {
  const { count, heldOutCount } = dataset.info;
  const first = async (split: "held-out" | "train", batchSize: number) => {
    const where = { resolution, batchSize, cursor: 0, seed: run.seed, split, shuffle: false };
    const loader = dataset.open(where);
    try {
      return await loader.next();
    } finally {
      loader.close();
    }
  };
  if (heldOutCount === 0) return await first("train", fill ? Math.min(run.previewCount, count) : 1);
  const batch = await first("held-out", Math.min(run.previewCount, heldOutCount));
  const lacking = Math.min(run.previewCount - heldOutCount, count);
  return fill && lacking > 0 ? joined(batch, await first("train", lacking)) : batch;
}

/** Two batches after each other. */
function joined(a: HostBatch, b: HostBatch): HostBatch {
  return Object.fromEntries(
    Object.entries(a).map(([name, { data, shape: [count = 0, ...rest] }]) => {
      const next = b[name]!; // of the same data set
      const both = new (data instanceof Int32Array ? Int32Array : Float32Array)(
        data.length + next.data.length,
      );
      both.set(data);
      both.set(next.data, data.length);
      return [name, { data: both, shape: [count + (next.shape[0] ?? 0), ...rest] }];
    }),
  );
}

/** The reals as a picture: `images`, or the whole of a sketch (partial and part merged). */
export function realsOf({ images, partial, part }: HostBatch): HostPreview {
  const picture = images ?? (partial && part && {
    data: Float32Array.from(partial.data, (x, i) => -Math.max(x, part.data[i]!)), // dark on light
    shape: partial.shape,
  });
  if (!picture) {
    throw new TypeError("Cannot show reals: expected images, or partial and part, in a batch");
  }
  const { data, shape } = picture;
  return { data: data as Float32Array, shape, columns: Math.ceil(Math.sqrt(shape[0] ?? 1)) };
}
