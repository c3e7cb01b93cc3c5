/** A plugin's training step on synthetic data, run as the trainer runs it. */
import * as tf from "@tensorflow/tfjs";
import type { Backend, RecordingStats } from "../../../core/backend/mod.ts";
import { resolveConfig, type RunConfig, runSchema } from "../../../core/config/mod.ts";
import type { DatasetInfo } from "../../../core/data.ts";
import type { NetworkName, Plugin } from "../../../core/plugin/mod.ts";
import {
  createNetworkStep,
  createTrainingState,
  NETWORKS,
  parameterCounts,
  type TrainingState,
} from "../../../core/trainer/mod.ts";
import { PLUGINS } from "../../../plugins/registry.ts";

/** What a step is built from. */
export interface StepOptions {
  plugin: string;
  /** Options that override the default preset. */
  values: Record<string, unknown>;
  resolution: number; // px a side
  backend: Backend;
}

/** The measurement of one step. */
export interface StepTime {
  milliseconds: number;
  /** Of these, the time inside the backend's library. */
  libraryMilliseconds: number;
  /** Whether it included a term that is applied only at every n-th step (a lazy penalty). */
  penalized: boolean;
}

/** A step of both networks, ready to run. */
export interface BenchStep {
  readonly training: TrainingState;
  readonly batchSize: number;
  readonly parameters: Record<NetworkName, number>;
  /** The cost of recording each compiled function. */
  readonly recordings: Record<string, RecordingStats>;
  /** A penalized step is every n-th one. */
  readonly every: number;
  run(): Promise<StepTime>;
  dispose(): void;
}

/** Builds the networks in the stabilization phase of a resolution. */
export async function createBenchStep(options: StepOptions): Promise<BenchStep> {
  const load = PLUGINS[options.plugin];
  if (!load) throw new RangeError(`Cannot measure "${options.plugin}": expected a shipped plugin`);
  const plugin: Plugin = (await load()).default;
  const preset = plugin.presets?.[plugin.defaultPreset ?? ""]?.values ?? {};
  const [run, config] = resolveConfig([runSchema, plugin.config], [
    { from: "the preset", values: preset },
    { from: "the benchmark", values: { ...options.values, resolution: options.resolution } },
  ]);
  const training = createTrainingState({
    run: run as unknown as RunConfig, // the first schema is runSchema
    // the second is the plugin's
    plugins: { model: { plugin, specifier: options.plugin, config: config! }, addOns: [] },
    dataset: datasetOf(plugin, options.resolution),
    backend: options.backend,
  });
  const phase = training.phases.find((p) =>
    p.resolution === options.resolution && p.kind === "stabilize"
  );
  if (!phase) throw new RangeError(`Cannot measure ${options.resolution} px: no phase has it`);
  training.counters.imagesSeen = phase.start;
  training.enterPhase();

  const host = batchOf(plugin, phase.batchSize, options.resolution);
  const terms = training.driver.losses();
  const every = Math.max(1, ...terms.map((term) => term.every ?? 1));
  const recordings: Record<string, RecordingStats> = {};
  const steps = NETWORKS.map((network) =>
    createNetworkStep(training, {
      network,
      terms,
      onRecorded: (name, stats) => recordings[name] = stats,
    })
  );
  return {
    training,
    batchSize: phase.batchSize,
    parameters: parameterCounts(training),
    recordings,
    every,
    async run() {
      const penalized = training.counters.discriminator % every === 0;
      const start = performance.now();
      let libraryMilliseconds = 0;
      const batch = Object.fromEntries(
        Object.entries(host).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
      );
      for (const step of steps) {
        await step.run(batch);
        libraryMilliseconds += step.libraryMilliseconds;
      }
      tf.dispose(batch);
      return { milliseconds: performance.now() - start, libraryMilliseconds, penalized };
    },
    dispose() {
      for (const step of steps) step.dispose();
      training.dispose();
    },
  };
}

function datasetOf(plugin: Plugin, resolution: number): DatasetInfo {
  return {
    kind: plugin.data ?? "images",
    name: "noise",
    source: "noise",
    digest: "noise",
    count: 1000,
    heldOutCount: 50,
    channels: plugin.data === "sketches" ? 1 : 3,
    maxResolution: resolution,
    labels: [],
    skipped: [],
  };
}

function batchOf(plugin: Plugin, batchSize: number, resolution: number) {
  const names = plugin.data === "sketches" ? ["partial", "part"] : ["images"];
  const shape = [batchSize, resolution, resolution, plugin.data === "sketches" ? 1 : 3];
  const size = shape.reduce((product, n) => product * n, 1);
  return Object.fromEntries(
    names.map((name) => [name, {
      data: Float32Array.from({ length: size }, (_, i) => Math.sin(i * i)), // in [-1, 1]
      shape,
    }]),
  );
}
