/** Converts a training to the plain arrays of a checkpoint, and back. */
import * as tf from "@tensorflow/tfjs";
import {
  float32Values,
  int32Values,
  type StoredTensor,
  type StoredTensors,
} from "../checkpoint/mod.ts";
import type { Phase } from "../schedule.ts";
import type { NamedVariable } from "../layers/mod.ts";
import { inOrder, type PlainData, type PluginState } from "../plugin/mod.ts";
import type { RunningMeans } from "../reporting/running_means.ts";
import { type Counters, NETWORKS, type TrainingState } from "./training_state.ts";

/** File name → its arrays by variable path. */
export type StoredFiles = Record<string, StoredTensors>;

/** The part of a run's state that is not tensors; covered by the state's digest. */
export interface StoredState {
  counters: Counters;
  phases: Phase[];
  /** Sums of the unfinished interval of the curves. */
  interval: RunningMeans;
  /** The state of each plugin by its name. */
  plugins: Record<string, PluginState>;
  /** Hooks that failed and are no longer called; see `PluginDriver.muted`. */
  muted: string[];
}

/** A copy of everything that training changes, taken between two steps. */
export interface Snapshot {
  /** Weights, optimizer moments and moving averages. */
  files: StoredFiles;
  state: StoredState;
}

/** The variables of each checkpoint file. */
function variablesOf(training: TrainingState): Record<string, NamedVariable[]> {
  return {
    "generator.safetensors": training.model.generator.variables(),
    "discriminator.safetensors": training.model.discriminator.variables(),
    ...Object.fromEntries(
      NETWORKS.map((name) => [`optimizer_${name}.safetensors`, training.optimizers[name].slots()]),
    ),
    ...(training.average ? { "average.safetensors": training.average.variables() } : {}),
  };
}

const DTYPES = { float32: "F32", int32: "I32", bool: "BOOL" } as const;

/** Copies everything that training changes. To be called between steps. */
export async function takeSnapshot(
  training: TrainingState,
  interval: StoredState["interval"],
): Promise<Snapshot> {
  const files: StoredFiles = {};
  for (const [file, list] of Object.entries(variablesOf(training))) {
    const entries: StoredTensors = files[file] = {};
    for (const { path, variable } of list) {
      const dtype = DTYPES[variable.dtype as keyof typeof DTYPES]; // Parameters creates no others
      if (path in entries) {
        throw new Error(`Cannot save: expected each variable once, received "${path}" twice`);
      }
      const data = await variable.data();
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      entries[path] = { dtype, shape: variable.shape.slice(), data: bytes };
    }
  }
  return {
    files,
    state: {
      counters: { ...training.counters },
      phases: training.phases.map((p) => ({ ...p })),
      interval: structuredClone(interval),
      plugins: Object.fromEntries(
        inOrder(training.plugins).map((m) => [m.plugin.name, structuredClone(m.context.state)]),
      ),
      muted: [...training.driver.muted].sort(),
    },
  };
}

/** The first number of a snapshot's arrays that is NaN or infinite, if there is one. */
export function firstNotFinite({ files }: Snapshot): { path: string; value: number } | undefined {
  for (const entries of Object.values(files)) {
    for (const [path, entry] of Object.entries(entries)) {
      if (entry.dtype !== "F32") continue;
      const values = float32Values(entry);
      for (let i = 0; i < values.length; i++) {
        if (!Number.isFinite(values[i])) return { path, value: values[i]! }; // i < values.length
      }
    }
  }
}

/**
 * Restores a snapshot into a training just created with the same plugins and options. Grows the
 * networks first, and sets no weight before all have been checked.
 * @throws RangeError naming the array that is missing, unknown or of the wrong shape
 */
export function restoreSnapshot(training: TrainingState, snapshot: Snapshot): void {
  const { files, state } = snapshot;
  training.phases = state.phases;
  Object.assign(training.counters, state.counters);
  training.enterPhase();
  const pairs: { variable: tf.Variable; stored: StoredTensor }[] = [];
  for (const [file, list] of Object.entries(variablesOf(training))) {
    const stored = files[file];
    if (!stored) {
      throw new RangeError(`Cannot resume: expected ${file} in the checkpoint, received none`);
    }
    const unknown = new Set(Object.keys(stored));
    for (const { path, variable } of list) {
      const entry = stored[path];
      if (!entry) {
        throw new RangeError(`Cannot resume: expected "${path}" in ${file}, received none`);
      }
      if (entry.shape.join() !== variable.shape.join()) {
        throw new RangeError(
          `Cannot resume: expected "${path}" of ${file} with shape [${variable.shape}], ` +
            `received [${entry.shape}]`,
        );
      }
      unknown.delete(path);
      pairs.push({ variable, stored: entry });
    }
    for (const path of unknown) {
      throw new RangeError(
        `Cannot resume: expected no "${path}" in ${file}: the networks have no such weight`,
      );
    }
  }
  for (const { plugin } of inOrder(training.plugins)) {
    if (!state.plugins[plugin.name]) {
      throw new RangeError(
        `Cannot resume: expected the state of plugin "${plugin.name}", received none`,
      );
    }
  }
  for (const { variable, stored } of pairs) assignStored(variable, stored);
  for (const { plugin, context } of inOrder(training.plugins)) {
    replace(context.state, state.plugins[plugin.name]!); // checked above
  }
  training.driver.muted.clear();
  for (const hook of state.muted) training.driver.muted.add(hook);
}

/**
 * Runs `run`, then restores the plugins' states: for hooks that an uninterrupted run would not have
 * called at this point.
 * @param run what may call hooks
 */
export async function withoutTrace(
  training: TrainingState,
  run: () => Promise<void>,
): Promise<void> {
  const contexts = inOrder(training.plugins).map(({ context }) => context);
  const states = contexts.map(({ state }) => structuredClone(state));
  await run();
  contexts.forEach(({ state }, i) => replace(state, states[i]!)); // one each
}

/** Assigns a stored array to a variable of the same shape. */
export function assignStored(variable: tf.Variable, stored: StoredTensor): void {
  const values = stored.dtype === "F32"
    ? float32Values(stored)
    : stored.dtype === "I32"
    ? int32Values(stored)
    : stored.data;
  const dtype = variable.dtype as keyof typeof DTYPES; // Parameters creates no others
  tf.tidy(() => variable.assign(tf.tensor(values, stored.shape.slice(), dtype)));
}

/** Replaces the fields of `target` by those of `source`, in place: hooks keep the object. */
function replace(target: { [key: string]: PlainData }, source: PluginState): void {
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, structuredClone(source));
}
