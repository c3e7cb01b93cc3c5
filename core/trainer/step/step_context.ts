/** The step's view that loss terms get, and the scalar inputs that the trainer feeds in. */
import * as tf from "@tensorflow/tfjs";
import type { NamedTensors } from "../../backend/types.ts";
import {
  expectScalar,
  type NetworkName,
  type StepContext,
  type StepTensors,
} from "../../plugin/mod.ts";
import { learningRateOf } from "./learning_rate.ts";
import { takenName } from "../../reporting/curve_owners.ts";
import { expectChartName } from "../../reporting/running_means.ts";
import { averageDecay, type TrainingState } from "../training_state.ts";

/**
 * Numbers that change from step to step; they are fed in as tensors, since the step is recorded
 * once.
 */
export function controlsOf(training: TrainingState, network: NetworkName): NamedTensors {
  const { counters, run } = training;
  const { phase, alpha } = training.position();
  const shown = phase.batchSize * run.criticSteps / run.generatorSteps;
  const inputs: NamedTensors = {
    alpha: tf.scalar(alpha),
    imagesSeen: tf.scalar(counters.imagesSeen),
    learningRate: tf.scalar(learningRateOf(training, network)),
  };
  if (network === "generator") {
    inputs.averageDecay = tf.scalar(
      run.emaDecay || averageDecay(run.emaImages || 1, counters.imagesSeen, shown),
    );
  }
  for (const [name, value] of Object.entries(training.driver.inputs())) {
    inputs["input/" + name] = tf.scalar(value);
  }
  return inputs;
}

/**
 * What loss terms see of a step.
 * @param size batch size, or that of a part where batches are split
 * @param scalars collects what terms report, by name
 */
export function stepContext(
  training: TrainingState,
  options: {
    network: NetworkName;
    size: number;
    inputs: NamedTensors;
    scalars: Map<string, tf.Scalar[]>;
  },
): StepContext {
  const { network, size, inputs, scalars } = options;
  const pick = (prefix: string) =>
    Object.fromEntries(
      Object.entries(inputs).filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  const memo = new Map<string, unknown>();
  const { phase } = training.position();
  const step: StepContext = {
    network,
    // the loader yields the tensors of the data's kind
    tensors: pick("data/") as Partial<StepTensors> as StepTensors,
    size,
    resolution: phase.resolution,
    alpha: inputs.alpha as tf.Scalar, // created by controlsOf, like the scalars below
    imagesSeen: inputs.imagesSeen as tf.Scalar,
    inputs: pick("input/") as Record<string, tf.Scalar>,
    shared<T>(name: string, make: () => T): T {
      if (!memo.has(name)) memo.set(name, make());
      return memo.get(name) as T; // one name is always made by the same function
    },
    report(name, value) {
      expectReport(training, name, value);
      // the gradient's tidy scope would dispose it before the step reads it
      scalars.set(name, [...(scalars.get(name) ?? []), tf.keep(value.clone())]);
    },
  };
  return { ...step, tensors: training.driver.transform(step.tensors, step) };
}

/**
 * @throws TypeError, RangeError where a report is not a scalar, or its curve belongs to someone
 * else
 */
function expectReport(
  { driver: { caller }, curves }: TrainingState,
  name: string,
  value: tf.Scalar,
): void {
  expectChartName(name);
  expectScalar(value, `the report "${name}"`);
  const other = curves.claim(name, caller);
  if (other !== undefined) {
    throw new RangeError(`Cannot report "${name}": ${takenName(name, other, caller ?? "mine")}`);
  }
}
