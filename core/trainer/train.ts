/** One sitting of a run, read top to bottom: phases, steps, samples, checkpoints, events. */
import * as tf from "@tensorflow/tfjs";
import type { NamedTensors } from "../backend/types.ts";
import type { BatchLoader, Dataset, HostBatch } from "../data.ts";
import type { Observer, RunEvent } from "../events.ts";
import { messageOf } from "../text.ts";
import type { Position } from "../schedule.ts";
import { createNetworkStep, type NetworkStep, type StepValues } from "./network_step.ts";
import type { RunOutput } from "./output.ts";
import { createPace } from "./pace.ts";
import { drawPreview, type HostPreview } from "./preview.ts";
import { type NetworkName, NETWORKS, parameterCount, type Session } from "./session.ts";
import { takeSnapshot } from "./snapshot.ts";

/** What a sitting needs. */
export interface TrainOptions {
  session: Session;
  dataset: Dataset;
  output: RunOutput;
  observers: readonly Observer[];
  /** Aborting it checkpoints at the next step boundary and ends the sitting as "stopped". */
  signal: AbortSignal;
  /** Sums of an interval that the checkpoint had begun. */
  interval?: Interval;
  /** Measures generated images against real ones; charted where `metricsEvery` is not 0. */
  measure?(session: Session): Promise<Record<string, number>>;
  /** Looks at each interval's values and each sample grid; returns warnings. */
  watch?: RunWatch;
  config: Record<string, unknown>; // for the start event
}

/** Looks for signs of collapse. */
export interface RunWatch {
  values(values: Record<string, number>, imagesSeen: number): Warning[];
  samples(
    preview: HostPreview,
    imagesSeen: number,
  ): { values: Record<string, number>; warnings: Warning[] };
}

/** Something that the user should know, with what to do. */
export interface Warning {
  code: string;
  message: string;
}

/** How a sitting ended. */
export interface TrainResult {
  status: "finished" | "stopped";
  imagesSeen: number;
  reason: string;
  /** Of the last checkpoint. */
  digest: string;
  path: string;
}

/** Sums of values by name. */
export type Interval = Record<string, { sum: number; count: number }>;

/** A loss became NaN or infinite; the run stops and its last checkpoint stays. */
export class DivergedError extends Error {
  override name = "DivergedError";
}

/**
 * Trains until the schedule, a budget or the signal ends it.
 * @throws DivergedError where a loss is not finite, PluginError where a plugin fails
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { session, dataset, output, signal } = options;
  const { run, counters, driver } = session;
  const emit = emitter(options.observers, () => counters.imagesSeen);
  const imagesTotal = () => Math.min(run.images || Infinity, session.phases.at(-1)!.end);
  const pace = createPace();
  let interval: Interval = options.interval ?? {};
  const sittingStart = performance.now();
  let last: { digest: string; path: string; imagesSeen: number } | undefined;
  let stage: Stage | undefined;

  const warn = (warnings: Warning[]) => tell(emit, counters.imagesSeen, warnings);
  const sizes = () => ({
    generator: parameterCount(session.model.generator),
    discriminator: parameterCount(session.model.discriminator),
  });

  async function checkpoint(): Promise<void> {
    if (last?.imagesSeen === counters.imagesSeen) return;
    const { entry, removed } = await output.writeCheckpoint(await takeSnapshot(session, interval));
    last = { digest: entry.digest, path: entry.path, imagesSeen: counters.imagesSeen };
    await emit({ type: "checkpoint", entry, removed });
    driver.checkpoint({ path: entry.path, digest: entry.digest });
  }

  let drawnAt = -1;
  async function samples(position: Position, batch: HostBatch): Promise<void> {
    if (drawnAt === counters.imagesSeen) return;
    drawnAt = counters.imagesSeen;
    const { resolution, kind } = position.phase;
    const weights = session.average ? "ema" as const : "live" as const;
    const preview = await drawPreview(session, batch, weights);
    const facts = {
      imagesSeen: counters.imagesSeen,
      resolution,
      phaseKind: kind,
      alpha: position.alpha,
      weights,
    };
    await emit({ type: "samples", entry: await output.writeSamples(preview, facts) });
    driver.sampled(preview);
    const seen = options.watch?.samples(preview, counters.imagesSeen);
    if (!seen) return;
    await emit({
      type: "metrics",
      imagesSeen: counters.imagesSeen,
      values: seen.values,
      time: Date.now(),
    });
    await warn(seen.warnings);
  }

  if (counters.imagesSeen === 0) {
    await output.writeReals(realsOf(await heldOutBatch(session, dataset, run.resolution)));
  }
  session.enterPhase();
  await emit({
    type: "start",
    imagesSeen: counters.imagesSeen,
    imagesTotal: imagesTotal(),
    phases: session.phases,
    dataset: dataset.info,
    backend: session.backend.info,
    config: options.config,
    parameters: sizes(),
  });

  try {
    let reason = "";
    let status: TrainResult["status"] = "finished";
    let position: Position;
    while (true) {
      position = session.position();
      if (position.done || counters.imagesSeen >= imagesTotal()) {
        reason = position.done ? "the schedule is over" : `--images ${run.images} is reached`;
        break;
      }
      if (run.minutes > 0 && performance.now() - sittingStart >= run.minutes * 60_000) {
        [status, reason] = ["stopped", `--minutes ${run.minutes} are over`];
        break;
      }
      if (signal.aborted) {
        [status, reason] = ["stopped", messageOf(signal.reason)];
        break;
      }

      if (stage?.phaseIndex !== position.phase.index) {
        await stage?.close();
        session.enterPhase();
        stage = await openStage(
          session,
          dataset,
          (name, stats) => emit({ type: "recorded", imagesSeen: counters.imagesSeen, name, stats }),
        );
        await emit({
          type: "phase",
          imagesSeen: counters.imagesSeen,
          position,
          parameters: sizes(),
        });
      }
      if (position.alpha < 1) driver.fade(position.alpha);

      const started = performance.now(), recorded = stage.recorded.length;
      const before = counters.imagesSeen;
      const values = await cycle(session, stage);
      const seconds = (performance.now() - started) / 1000;
      session.trainedSeconds += seconds;
      assertFinite(values, counters.imagesSeen);
      addTo(interval, values);
      driver.step(values);
      // A cycle that recorded says nothing of those that follow.
      if (stage.recorded.length === recorded) {
        pace.add(position.phase.resolution, counters.imagesSeen - before, seconds);
      }
      const imagesPerSecond = pace.imagesPerSecond;
      const etaSeconds = pace.remaining(session.phases, counters.imagesSeen, imagesTotal());
      const crossed = (every: number) =>
        every > 0 && Math.floor(counters.imagesSeen / every) > Math.floor(before / every);
      await emit({
        type: "tick",
        imagesSeen: counters.imagesSeen,
        position,
        imagesPerSecond,
        etaSeconds,
      });

      if (crossed(run.statsEvery)) {
        const averages = averagesOf(interval);
        interval = {};
        await emit({
          type: "progress",
          imagesSeen: counters.imagesSeen,
          imagesTotal: imagesTotal(),
          position: session.position(),
          imagesPerSecond,
          etaSeconds,
          trainedSeconds: session.trainedSeconds,
          values: {
            ...averages,
            learning_rate: position.phase.learningRate,
            alpha: position.alpha,
          },
          time: Date.now(),
        });
        await warn(options.watch?.values(averages, counters.imagesSeen) ?? []);
        if (driver.advance()) session.cutPhase();
      }
      if (crossed(run.sampleEvery)) await samples(position, stage.preview);
      if (crossed(run.metricsEvery) && options.measure) {
        const measured = await options.measure(session);
        driver.measured(measured);
        await emit({
          type: "metrics",
          imagesSeen: counters.imagesSeen,
          values: measured,
          time: Date.now(),
        });
      }
      if (crossed(run.checkpointEvery)) await checkpoint();
    }

    if (stage) await samples(position, stage.preview);
    await checkpoint();
    await emit({ type: "end", status, imagesSeen: counters.imagesSeen, reason });
    return {
      status,
      reason,
      imagesSeen: counters.imagesSeen,
      digest: last!.digest,
      path: last!.path,
    };
  } catch (error) {
    await emit({
      type: "end",
      status: "failed",
      imagesSeen: counters.imagesSeen,
      reason: messageOf(error),
    });
    throw error;
  } finally {
    await stage?.close();
  }
}

/** What lives as long as a phase: its data, its recorded steps. */
interface Stage {
  phaseIndex: number;
  loader: BatchLoader;
  /** Held-out data for previews. */
  preview: HostBatch;
  steps: Record<NetworkName, NetworkStep>;
  /** Waits for the recorded events that were emitted. */
  recorded: Promise<void>[];
  close(): Promise<void>;
}

async function openStage(
  session: Session,
  dataset: Dataset,
  onRecorded: (
    name: string,
    stats: NonNullable<import("../backend/types.ts").CompiledFunction["recording"]>,
  ) => Promise<void>,
): Promise<Stage> {
  const { run, counters } = session;
  const { phase } = session.position();
  const { resolution, batchSize } = phase;
  const preview = await heldOutBatch(session, dataset, resolution);
  const cursor = counters.cursor;
  const loader = dataset.open({ resolution, batchSize, cursor, seed: run.seed, flip: run.flip });
  const terms = session.driver.losses();
  const recorded: Promise<void>[] = [];
  const step = (network: NetworkName) =>
    createNetworkStep(session, {
      network,
      terms,
      onRecorded: (name, stats) => void recorded.push(onRecorded(name, stats)),
    });
  const steps = { generator: step("generator"), discriminator: step("discriminator") };
  return {
    phaseIndex: phase.index,
    loader,
    preview,
    steps,
    recorded,
    async close() {
      loader.close();
      for (const name of NETWORKS) steps[name].dispose();
      await Promise.all(recorded);
    },
  };
}

/** The first held-out samples, as many as a preview has cells. */
async function heldOutBatch(
  { run }: Session,
  dataset: Dataset,
  resolution: number,
): Promise<HostBatch> {
  const batchSize = Math.min(run.previewCount, Math.max(1, dataset.info.heldOutCount));
  const split = dataset.info.heldOutCount > 0 ? "held-out" : "train";
  const loader = dataset.open({
    resolution,
    batchSize,
    cursor: 0,
    seed: run.seed,
    split,
    shuffle: false,
  });
  try {
    return await loader.next();
  } finally {
    loader.close();
  }
}

/** `criticSteps` discriminator steps, each on a new batch, then `generatorSteps` generator steps. */
async function cycle(session: Session, stage: Stage): Promise<StepValues> {
  const { run, counters } = session;
  const sums: Interval = {};
  let batch: NamedTensors = {};
  const nextBatch = async () => {
    tf.dispose(batch);
    batch = tensorsOf(await stage.loader.next());
    counters.cursor += batchSizeOf(batch);
  };
  const batchSize = session.position().phase.batchSize;
  try {
    for (let i = 0; i < run.criticSteps; i++) {
      await nextBatch();
      addTo(sums, await stage.steps.discriminator.run(batch));
    }
    for (let i = 0; i < run.generatorSteps; i++) {
      if (i > 0) await nextBatch();
      addTo(sums, await stage.steps.generator.run(batch));
    }
  } finally {
    tf.dispose(batch);
  }
  counters.imagesSeen += batchSize * run.criticSteps;
  return averagesOf(sums);
}

function tensorsOf(batch: HostBatch): NamedTensors {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
    ]),
  );
}

function batchSizeOf(batch: NamedTensors): number {
  return Object.values(batch)[0]?.shape[0] ?? 0;
}

/** The reals as a picture: `images`, or the whole of a sketch (partial and part merged). */
function realsOf(batch: HostBatch): HostPreview {
  const { images, partial, part } = batch;
  if (images) {
    return {
      data: images.data as Float32Array,
      shape: images.shape,
      columns: columnsOf(images.shape),
    };
  }
  if (!partial || !part) {
    throw new TypeError("Cannot show reals: expected images, or partial and part, in a batch");
  }
  const data = Float32Array.from(partial.data, (x, i) => Math.max(x, part.data[i]!));
  return { data, shape: partial.shape, columns: columnsOf(partial.shape) };
}

const columnsOf = (shape: number[]) => Math.ceil(Math.sqrt(shape[0] ?? 1));

function addTo(sums: Interval, values: StepValues): void {
  for (const [name, value] of Object.entries(values)) {
    const entry = sums[name] ??= { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
  }
}

function averagesOf(sums: Interval): StepValues {
  return Object.fromEntries(
    Object.entries(sums).map(([name, { sum, count }]) => [name, sum / count]),
  );
}

function assertFinite(values: StepValues, imagesSeen: number): void {
  const bad = Object.entries(values).filter(([, value]) => !Number.isFinite(value));
  if (bad.length === 0) return;
  const term = bad.find(([name]) => name.startsWith("term/")) ?? bad[0]!;
  throw new DivergedError(
    `Training diverged at ${imagesSeen} images: expected every loss to be finite, received ${
      term[1]
    } in ` +
      `"${
        term[0].replace("term/", "")
      }". The last checkpoint is kept. Resume with a lower --learning-rate ` +
      `or a stronger penalty (--gamma, --lambda).`,
  );
}

type Emit = (event: RunEvent) => Promise<void>;

async function tell(emit: Emit, imagesSeen: number, warnings: Warning[]): Promise<void> {
  for (const { code, message } of warnings) {
    await emit({
      type: "log",
      line: { time: Date.now(), imagesSeen, level: "warning", message, code },
    });
  }
}

/** Hands events to observers; one that fails is muted and told once. */
function emitter(observers: readonly Observer[], imagesSeen: () => number): Emit {
  const muted = new Set<Observer>();
  return async function emit(event) {
    for (const observer of observers) {
      if (muted.has(observer)) continue;
      try {
        await observer.on(event);
      } catch (error) {
        muted.add(observer);
        const message = `${observer.name} failed: ${
          messageOf(error)
        }. It is switched off; training goes on.`;
        await emit({
          type: "log",
          line: {
            time: Date.now(),
            imagesSeen: imagesSeen(),
            level: "warning",
            message,
            code: "observer",
          },
        });
      }
    }
  };
}
