/** The test bench of a plugin: training states of a tiny run, their data, and whole runs. */
import { quietCpu } from "../backend/cpu.ts";
import type { Backend } from "../backend/types.ts";
import { resolveConfig, type RunConfig, runSchema } from "../config/mod.ts";
import type { Dataset, DatasetInfo, HostBatch } from "../data.ts";
import type { RunEvent } from "../events.ts";
import { object } from "../config/mod.ts";
import { definePlugin, inOrder, mapPlugins, type Plugin, type RunPlugins } from "../plugin/mod.ts";
import { Random, seedFor } from "../random.ts";
import { createGrowthGuard } from "../rehearsal/mod.ts";
import type { Phase } from "../schedule.ts";
import { createTrainingState, type TrainingState } from "../trainer/training_state.ts";
import type { StepValues } from "../trainer/step/network_step.ts";
import { openPhaseLoop } from "../trainer/phase_loop.ts";
import { train } from "../trainer/train.ts";
import type { TrainOptions } from "../trainer/train_options.ts";
import type { PluginTestOptions } from "./check.ts";
import { tinyModel } from "./tiny_model.ts";

/** A schedule of a few cycles: every phase has two, and every interval occurs. */
const TINY: Partial<RunConfig> = {
  startResolution: 4,
  resolution: 16,
  batch: 4,
  epochs: 0,
  images: 0,
  stopAfter: "0",
  fadeImages: 8,
  stabilizeImages: 8,
  penaltyEvery: 2,
  emaImages: 100,
  statsEvery: 4,
  sampleEvery: 8,
  checkpointEvery: 16,
  metricsEvery: 8,
  previewCount: 4,
};

/** Options of a whole run that a check may replace. */
interface LiveOptions extends Partial<Pick<TrainOptions, "observers">> {
  /** Bytes of memory still available to the process; absent: no check before growing. */
  availableMemory?(): number;
}

/** What checks create runs with. */
export interface Workbench {
  readonly plugin: Plugin;
  readonly options: PluginTestOptions;
  readonly info: DatasetInfo;
  /** Whether the run has more than one resolution. */
  readonly grows: boolean;
  readonly phases: readonly Phase[];
  /**
   * @param change `replaced` is a modified version of the tested plugin; `extra` is an additional
   * one
   */
  training(backend: Backend, change?: { replaced?: Plugin; extra?: Plugin }): TrainingState;
  batch(resolution: number, batchSize: number, seed: number): HostBatch;
  /** Moves a training to `cycles` cycles after the start of a phase. */
  enter(training: TrainingState, phase: Phase, cycles?: number): void;
  /** Values of `count` cycles of steps, starting in the present phase. */
  cycles(training: TrainingState, count: number): Promise<StepValues[]>;
  /** Trains from the first to the last image, in memory. */
  live(
    training: TrainingState,
    options?: LiveOptions,
  ): Promise<RunEvent[]>;
}

/** @throws ConfigError if the options are not options of the run or the plugin */
export function createWorkbench(plugin: Plugin, options: PluginTestOptions): Workbench {
  const model = plugin.kind === "model" ? plugin : options.model ?? asPlugin(tinyModel);
  const plugins: RunPlugins<Plugin> = { model, addOns: plugin === model ? [] : [plugin] };
  const preset = model.presets?.[model.defaultPreset ?? ""]?.values ?? {};
  const [run, ...configs] = resolveConfig([runSchema, ...inOrder(plugins).map((p) => p.config)], [
    { from: "the default preset", values: preset },
    { from: "the test's schedule", values: { ...TINY } },
    { from: "the test", values: { ...options.modelValues, ...options.values } },
  ]) as [RunConfig, ...Record<string, never>[]]; // one a schema, in order
  const info: DatasetInfo = {
    kind: model.data ?? "images",
    name: "test",
    source: "",
    digest: "0",
    count: 64,
    heldOutCount: 4,
    channels: model.data === "sketches" ? 1 : 3,
    maxResolution: run.resolution,
    labels: [],
    skipped: [],
    ...options.dataset,
  };
  const batch = (resolution: number, batchSize: number, seed: number): HostBatch =>
    (options.batch ?? randomBatch)({ resolution, batchSize, seed, dataset: info });

  const bench: Omit<Workbench, "phases"> = {
    plugin,
    options,
    info,
    grows: run.startResolution < run.resolution,
    training(backend, { replaced = plugin, extra } = {}) {
      const { model, addOns } = mapPlugins(plugins, (p) => ({
        plugin: p === plugin ? replaced : p,
        specifier: p.name,
        config: configs[inOrder(plugins).indexOf(p)]!, // same length
      }));
      const added = extra ? [{ plugin: extra, specifier: extra.name, config: {} }] : [];
      const joined = { model, addOns: [...addOns, ...added] };
      return createTrainingState({ run: { ...run }, plugins: joined, dataset: info, backend });
    },
    batch,
    enter(training, phase, cycles = 0) {
      training.counters.imagesSeen = phase.start + cycles * phase.batchSize * run.criticSteps;
      training.enterPhase();
    },
    async cycles(training, count) {
      const all: StepValues[] = [];
      for (let i = 0; i < count; i++) all.push(await cycle(bench, training));
      return all;
    },
    live: (training, options) => live(bench, training, options),
  };
  quietCpu(); // no backend is selected yet
  const probe = bench.training({} as Backend); // no step is compiled
  const phases = probe.phases.slice();
  probe.dispose();
  return { ...bench, phases };
}

/** One cycle of the present phase, whose steps are recorded again. */
async function cycle(
  bench: Pick<Workbench, "batch">,
  training: TrainingState,
): Promise<StepValues> {
  const { counters, driver } = training;
  const { resolution, batchSize } = training.position().phase;
  const loop = openPhaseLoop(training, {
    next: () => Promise.resolve(bench.batch(resolution, batchSize, counters.discriminator)),
    waitedMilliseconds: 0,
    close() {},
  });
  try {
    const { values } = await loop.cycle();
    driver.step(values);
    return values;
  } finally {
    await loop.close();
  }
}

async function live(
  bench: Pick<Workbench, "batch" | "info">,
  training: TrainingState,
  { availableMemory, ...options }: LiveOptions = {},
): Promise<RunEvent[]> {
  const events: RunEvent[] = [], { info } = bench;
  const dataset: Dataset = {
    info,
    open: ({ resolution, batchSize, cursor }) => ({
      next: () => Promise.resolve(bench.batch(resolution, batchSize, cursor++)),
      waitedMilliseconds: 0,
      close() {},
    }),
    picture: (batch) => batch.images ?? Object.values(batch)[0]!, // a batch has tensors
    close() {},
  };
  const { imagesSeen } = training.counters, time = 0;
  const sample = { path: "", columns: 1, rows: 1, cell: 4, time };
  await train({
    training,
    dataset,
    output: {
      folder: "",
      writeSamples: (_, facts) => Promise.resolve({ entry: { ...facts, ...sample }, surplus: [] }),
      removeSamples: () => Promise.resolve(),
      writeReals: () => Promise.resolve(),
      writePanel: (file, { shape }) => {
        const [count, height, width] = shape as [number, number, number, number]; // [N, H, W, C]
        const cell = { width, height };
        return Promise.resolve({ path: `${file}.png`, columns: count, rows: 1, count, cell });
      },
      writeCheckpoint: () =>
        Promise.resolve({
          entry: { imagesSeen, path: "", bytes: 0, digest: "", time },
          removed: [],
        }),
    },
    observers: [{ name: "test", on: (event) => void events.push(event) }],
    signal: new AbortController().signal,
    measure: () => Promise.resolve({ "metric/swd": 1, "metric/swd_floor": 0.5 }),
    config: {},
    ...(availableMemory
      ? { growthGuard: createGrowthGuard(training, dataset, availableMemory) }
      : {}),
    ...options,
  });
  return events;
}

/** Random noise, with labels in turn. */
function randomBatch(
  { resolution, batchSize, seed, dataset }: Parameters<NonNullable<PluginTestOptions["batch"]>>[0],
): HostBatch {
  const random = new Random(seedFor(seed, "test-batch"));
  const shape = [batchSize, resolution, resolution, dataset.channels];
  const noise = () => ({
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      () => 2 * random.uniform() - 1,
    ),
    shape: shape.slice(),
  });
  const classes = dataset.labels.length;
  return {
    ...(dataset.kind === "images" ? { images: noise() } : { partial: noise(), part: noise() }),
    ...(classes > 0
      ? {
        labels: {
          data: Int32Array.from({ length: batchSize }, (_, i) => i % classes),
          shape: [batchSize],
        },
      }
      : {}),
  };
}

/** Erases a plugin's own types, as registries do. */
export function asPlugin(plugin: unknown): Plugin {
  return plugin as Plugin; // its hooks are called with its own options only
}

/** An add-on for the test bench's own use. */
export function probeOf(name: string, hooks: Plugin["hooks"]): Plugin {
  return asPlugin(
    definePlugin({ name, description: "", kind: "add-on", config: object({}), hooks }),
  );
}
