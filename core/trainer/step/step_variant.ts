/** A compiled step for one combination of due loss terms, on whole batches or part by part. */
import * as tf from "@tensorflow/tfjs";
import type { CompiledFunction, NamedTensors, RecordingStats } from "../../backend/types.ts";
import type { RunConfig } from "../../config/mod.ts";
import { lossByName } from "../../losses/mod.ts";
import { clipWeights, type Gradients, lossGradients } from "../../optim/mod.ts";
import type { LossTerm, NetworkName } from "../../plugin/mod.ts";
import { seedFor } from "../../random.ts";
import type { TrainingState } from "../training_state.ts";
import { stepContext } from "./step_context.ts";

/** A step for one combination of due terms, ready to run. */
export interface StepVariant {
  /**
   * One optimizer step.
   * @param controls the scalars from `controlsOf()`
   * @param data the batch by the loader's names
   * @returns what was measured, by name
   */
  run(controls: NamedTensors, data: NamedTensors): Promise<Record<string, number>>;
  /** Of the last run: milliseconds inside the library, and the recordings that it made. */
  readonly libraryMilliseconds: number;
  readonly recorded: readonly { name: string; stats: RecordingStats }[];
  dispose(): void;
}

/** Options of {@linkcode createStepVariant}. */
export interface VariantOptions {
  network: NetworkName;
  due: readonly LossTerm[];
  /** Parts that the batch is split into; a divisor of the batch size. */
  parts: number;
}

/** Prefix of the batch's tensors among a step's inputs. */
const DATA = "data/";

/** Compiles a step. It is recorded when it first runs. */
export function createStepVariant(training: TrainingState, options: VariantOptions): StepVariant {
  return options.parts === 1 ? wholeStep(training, options) : accumulatedStep(training, options);
}

function wholeStep(training: TrainingState, options: VariantOptions): StepVariant {
  const { network } = options;
  let names: string[] = [];
  const step = training.backend.compile(nameOf(options), (inputs) => {
    const { gradients, values, names: measured } = gradientsOf(training, options, inputs);
    names = measured;
    applyGradients(training, network, gradients, inputs);
    return { values };
  }, { shared: true, ownRows: DATA });
  const timer = createTimer(step);
  return {
    async run(controls, data) {
      timer.start();
      const seed = seedFor(training.run.seed, network, training.counters[network]);
      const inputs = { ...controls, ...prefixed(DATA, data) };
      const outputs = await timer.run(step, inputs, seed);
      return read(outputs.values!, names); // the function returns it
    },
    get libraryMilliseconds() {
      return timer.libraryMilliseconds;
    },
    get recorded() {
      return timer.recorded;
    },
    dispose: () => step.dispose(),
  };
}

/**
 * Gradient accumulation. The mean of the parts' gradients is that of the batch where each term is a
 * mean over samples; batch statistics (minibatch standard deviation, mean path length) are those of
 * a part.
 */
function accumulatedStep(training: TrainingState, options: VariantOptions): StepVariant {
  const { network, parts } = options;
  let names: string[] = [];
  const gradient = training.backend.compile(nameOf(options) + ":part", (inputs) => {
    const { gradients, values, names: measured } = gradientsOf(training, options, inputs);
    names = measured;
    return { values, ...prefixed("gradient/", gradients) };
  }, { shared: true });
  const update = training.backend.compile(nameOf(options) + ":update", (inputs) => {
    const sums = Object.entries(inputs).filter(([name]) => name.startsWith("gradient/"));
    const gradients = sums.map(([name, sum]) =>
      [name.slice("gradient/".length), tf.div(sum, parts)] as const
    );
    applyGradients(training, network, Object.fromEntries(gradients), inputs);
    return {};
  });
  const timer = createTimer(gradient, update);
  return {
    async run(controls, data) {
      timer.start();
      const { run: { seed }, counters } = training;
      let sums: NamedTensors = {};
      const values: Record<string, number> = {};
      try {
        for (let part = 0; part < parts; part++) {
          const rows = rowsOf(data, part, parts);
          const key = seedFor(seed, `${network}/part${part}`, counters[network]);
          const inputs = { ...controls, ...prefixed(DATA, rows) };
          const outputs = await timer.run(gradient, inputs, key).finally(() => tf.dispose(rows));
          const { values: measured, ...gradients } = outputs;
          const before = sums;
          sums = part === 0 ? gradients : Object.fromEntries(
            // every part has the same gradients
            Object.entries(gradients).map(([name, x]) => [name, tf.add(before[name]!, x)]),
          );
          if (part > 0) tf.dispose([before, gradients]);
          for (const [name, value] of Object.entries(await read(measured!, names))) {
            values[name] = (values[name] ?? 0) + value / parts;
          }
        }
        const key = seedFor(seed, `${network}/update`, counters[network]);
        await timer.run(update, { ...controls, ...sums }, key);
        return values;
      } finally {
        tf.dispose(sums);
      }
    },
    get libraryMilliseconds() {
      return timer.libraryMilliseconds;
    },
    get recorded() {
      return timer.recorded;
    },
    dispose() {
      gradient.dispose();
      update.dispose();
    },
  };
}

const nameOf = ({ network, due }: VariantOptions) =>
  `${network}:${due.map((term) => term.name).join("+")}`;

/**
 * Gradients of the weighted sum of the due terms, as changed by plugins, and all measured scalars
 * stacked into one vector.
 */
function gradientsOf(
  training: TrainingState,
  { network, due, parts }: VariantOptions,
  inputs: NamedTensors,
): { gradients: Gradients; values: tf.Tensor; names: string[] } {
  const scalars = new Map<string, tf.Scalar[]>(); // a plugin may report a name several times
  const size = training.position().phase.batchSize / parts;
  const step = stepContext(training, { network, size, inputs, scalars });
  const { value, gradients } = lossGradients(() => {
    const weighted = due.map((term) => {
      const loss = term.value(step);
      // the gradient's tidy scope would dispose it
      scalars.set("term/" + term.name, [tf.keep(loss.clone())]);
      return tf.mul(loss, term.every ?? 1);
    });
    return tf.addN(weighted).asScalar();
  }, training.network(network).trainable());
  scalars.set("loss/" + network, [value]);
  const changed = training.driver.gradients(gradients, step); // may report as well
  const meanOf = (all: tf.Scalar[]) =>
    all.length === 1 ? all[0]! : tf.div(tf.addN(all), all.length);
  const values = tf.stack([...scalars.values()].map(meanOf));
  tf.dispose([...scalars.values()]);
  return { gradients: changed, values, names: [...scalars.keys()] };
}

/** Updates the network, and with the generator its moving average. */
function applyGradients(
  training: TrainingState,
  network: NetworkName,
  gradients: Gradients,
  inputs: NamedTensors,
): void {
  const { run } = training;
  // the scalars are created by controlsOf
  training.optimizers[network].apply(gradients, inputs.learningRate as tf.Scalar);
  const limit = weightLimit(run);
  if (network === "discriminator" && limit !== undefined) {
    clipWeights(training.network(network).trainable(), limit);
  }
  if (network === "generator") training.average?.update(inputs.averageDecay as tf.Scalar);
}

/**
 * Bound to which the discriminator's weights are clipped; undefined where the loss clips none, even
 * if a preset or file written for another loss sets `clip`.
 */
export function weightLimit({ clip, loss }: Pick<RunConfig, "clip" | "loss">): number | undefined {
  const { weightClip } = lossByName(loss);
  return weightClip === undefined ? undefined : clip || weightClip;
}

/** Sums the time of a step's functions, and collects what they recorded. */
function createTimer(...functions: readonly CompiledFunction[]) {
  let libraryMilliseconds = 0;
  let before: boolean[] = [];
  return {
    start() {
      libraryMilliseconds = 0;
      before = functions.map((f) => f.recording !== undefined);
    },
    async run(fn: CompiledFunction, inputs: NamedTensors, seed: ReturnType<typeof seedFor>) {
      const outputs = await fn.run(inputs, seed);
      libraryMilliseconds += fn.libraryMilliseconds;
      return outputs;
    },
    get libraryMilliseconds() {
      return libraryMilliseconds;
    },
    get recorded() {
      return functions.flatMap(({ name, recording }, i) =>
        recording && !before[i] ? [{ name, stats: recording }] : []
      );
    },
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [prefix + name, t]));
}

/** The rows of one part of a batch. */
function rowsOf(data: NamedTensors, part: number, parts: number): NamedTensors {
  return Object.fromEntries(
    Object.entries(data).map(([name, tensor]) => {
      const size = tensor.shape[0]! / parts; // batches have rank 1 or more
      return [name, tensor.slice([part * size], [size])];
    }),
  );
}

/** Downloads and disposes a vector of named values. */
async function read(
  values: tf.Tensor,
  names: readonly string[],
): Promise<Record<string, number>> {
  const numbers = await values.data();
  values.dispose();
  return Object.fromEntries(names.map((name, i) => [name, numbers[i]!])); // one per name
}
