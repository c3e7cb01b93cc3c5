/** A tiny run for tests, on squares that miss a side. */
import {
  type Backend,
  type DatasetInfo,
  type HostBatch,
  type OpenedRun,
  Random,
  seedFor,
} from "../../core/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import { createTrainingState, type TrainingState } from "../../core/trainer/mod.ts";
import plugin from "./mod.ts";
import type { SketchModel } from "./model.ts";

/** The description of a data set that is never opened. */
export function testInfo(labels: string[] = ["top", "left"]): DatasetInfo {
  return {
    kind: "sketches",
    name: "squares",
    source: "",
    digest: "0",
    count: 4,
    heldOutCount: 4,
    channels: 1,
    maxResolution: 16,
    labels,
    skipped: [],
  };
}

/**
 * A training state from 4 px to `resolution` with 16 images a phase and few channels; `values`
 * override its options.
 */
export function testTraining(
  backend: Backend,
  values: Record<string, unknown> = {},
  labels?: string[],
): TrainingState & { model: SketchModel } {
  const [run, config] = resolveConfig([runSchema, plugin.config], [
    { from: "the test", values: { ...tiny, ...values } },
  ]);
  const training = createTrainingState({
    run: run as Parameters<typeof createTrainingState>[0]["run"], // the first schema is runSchema
    // its hooks take this plugin's own options
    plugins: { model: { plugin: plugin as never, specifier: "sketch", config }, addOns: [] },
    dataset: testInfo(labels),
    backend,
  });
  return training as TrainingState & { model: SketchModel }; // build() returns a SketchModel
}

/** A training state as commands and the Explore page open it. */
export function openedTestRun(
  training: TrainingState & { model: SketchModel },
): OpenedRun<SketchModel> {
  return {
    id: "1-test",
    folder: "runs/1-test",
    plugin: "sketch",
    context: training.plugins.model.context,
    model: training.model,
    backend: training.backend,
    runConfig: training.run,
    withAverage: (fn) => training.average!.withAverage(fn), // the run keeps a moving average
    dispose: () => training.dispose(),
  };
}

/** Network sizes for steps of milliseconds. */
export const TINY_NETWORKS = {
  latentSize: 3,
  channelBase: 64,
  channelMax: 6,
  channelMin: 4,
  encoderChannels: 3,
  codeSize: 4,
  criticDense: 5,
};

const tiny = {
  ...TINY_NETWORKS,
  resolution: 16,
  batch: 4,
  fadeImages: 16,
  stabilizeImages: 16,
  penaltyEvery: 1,
  previewCount: 16,
};

/** Four pairs: one side of a square as the part, another as the partial sketch, in greys. */
export function testBatch(resolution: number, seed = 1): HostBatch {
  const n = 4, random = new Random(seedFor(seed, "test"));
  const blank = () => new Float32Array(n * resolution ** 2).fill(-1);
  const partial = blank(), part = blank();
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    labels[i] = i % 2;
    for (let k = 0; k < resolution; k++) {
      const top = i * resolution ** 2 + k, left = i * resolution ** 2 + k * resolution;
      const [mine, other] = i % 2 === 0 ? [top, left] : [left, top];
      part[mine] = random.uniform();
      partial[other] = random.uniform();
    }
  }
  const shape = [n, resolution, resolution, 1];
  return {
    partial: { data: partial, shape },
    part: { data: part, shape },
    labels: { data: labels, shape: [n] },
  };
}

/** The same pairs as crops, with boxes, whole partial sketches and ends. */
export function placedBatch(resolution: number, seed = 1): HostBatch {
  const batch = testBatch(resolution, seed), random = new Random(seedFor(seed, "places"));
  const n = batch.partial!.shape[0]!, side = 32; // the batch size
  const between = (from: number, to: number) => from + (to - from) * random.uniform();
  const boxes = Array.from({ length: n }, () => [
    ...[between(0.3, 0.7), between(0.3, 0.7)],
    ...[between(0.1, 0.5), between(0.1, 0.5)],
  ]);
  return {
    ...batch,
    box: { data: Float32Array.from(boxes.flat()), shape: [n, 4] },
    whole: {
      data: Float32Array.from({ length: n * side ** 2 }, () => between(-1, 1)),
      shape: [n, side, side, 1],
    },
    last: { data: Float32Array.from({ length: n }, (_, i) => i % 2), shape: [n] },
  };
}
