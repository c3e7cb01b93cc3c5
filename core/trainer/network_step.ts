/** One optimizer step of one network: its due loss terms, their gradients, the update. */
import * as tf from "@tensorflow/tfjs";
import type { CompiledFunction, NamedTensors, RecordingStats } from "../backend/types.ts";
import { lossByName } from "../losses/mod.ts";
import { clipWeights, lossGradients } from "../optim/mod.ts";
import type { LossTerm, StepBatch } from "../plugin/mod.ts";
import { seedFor } from "../random.ts";
import { averageDecay, type NetworkName, type Session } from "./session.ts";

/** What a step measured, by name: `loss/<network>`, `term/<name>`, and what terms reported. */
export type StepValues = Record<string, number>;

/** The steps of one network in one phase. */
export interface NetworkStep {
  /** Runs one step and counts it. `batch` holds the loader's tensors; they are not disposed. */
  run(batch: NamedTensors): Promise<StepValues>;
  /** Milliseconds of the last run inside the library. */
  readonly libraryMilliseconds: number;
  dispose(): void;
}

/** What a step needs to know. */
export interface NetworkStepOptions {
  network: NetworkName;
  terms: readonly LossTerm[];
  onRecorded?: (name: string, stats: RecordingStats) => void;
}

/**
 * Lazy terms (Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section 3.1)
 * join at every n-th step of the network, multiplied by n; each set of due terms is compiled once.
 */
export function createNetworkStep(session: Session, options: NetworkStepOptions): NetworkStep {
  const { network } = options;
  const terms = options.terms.filter((term) => term.of === network);
  if (terms.length === 0) {
    throw new TypeError(
      `Cannot train: expected a loss term of the ${network}, received none from the plugins`,
    );
  }
  const variants = new Map<string, Variant>();
  let libraryMilliseconds = 0;

  function variantOf(due: readonly LossTerm[]): Variant {
    const key = due.map((term) => term.name).join("+");
    let variant = variants.get(key);
    if (!variant) variants.set(key, variant = compileVariant(session, network, due, key));
    return variant;
  }

  return {
    async run(batch) {
      const step = session.counters[network];
      const variant = variantOf(terms.filter((term) => step % (term.every ?? 1) === 0));
      const { compiled } = variant;
      const inputs = controlsOf(session, network);
      for (const [name, tensor] of Object.entries(batch)) inputs["data/" + name] = tensor;
      const fresh = compiled.recording === undefined;
      try {
        const { values } = await compiled.run(inputs, seedFor(session.run.seed, network, step));
        const numbers = await values!.data(); // the function returns it
        values!.dispose();
        session.counters[network]++;
        libraryMilliseconds = compiled.libraryMilliseconds;
        if (fresh && compiled.recording) options.onRecorded?.(compiled.name, compiled.recording);
        return Object.fromEntries(variant.names.map((name, i) => [name, numbers[i]!]));
      } finally {
        for (const [name, tensor] of Object.entries(inputs)) {
          if (!name.startsWith("data/")) tensor.dispose();
        }
      }
    },
    get libraryMilliseconds() {
      return libraryMilliseconds;
    },
    dispose() {
      for (const { compiled } of variants.values()) compiled.dispose();
      variants.clear();
    },
  };
}

/** A compiled set of terms; `names` tells what its output holds. */
interface Variant {
  compiled: CompiledFunction;
  names: string[];
}

/** Numbers that change while the recorded step stays: they go in as tensors. */
function controlsOf(session: Session, network: NetworkName): NamedTensors {
  const { counters, run } = session;
  const { phase, alpha } = session.position();
  const shown = phase.batchSize * run.criticSteps / run.generatorSteps;
  const inputs: NamedTensors = {
    alpha: tf.scalar(alpha),
    imagesSeen: tf.scalar(counters.imagesSeen),
    learningRate: tf.scalar(phase.learningRate),
  };
  if (network === "generator") {
    inputs.averageDecay = tf.scalar(averageDecay(run.emaImages || 1, counters.imagesSeen, shown));
  }
  for (const [name, value] of Object.entries(session.driver.inputs())) {
    inputs["input/" + name] = tf.scalar(value);
  }
  return inputs;
}

function compileVariant(
  session: Session,
  network: NetworkName,
  due: readonly LossTerm[],
  key: string,
): Variant {
  const { driver, run } = session;
  const parameters = session.network(network);
  const variant = { names: [] as string[] };
  const compiled = session.backend.compile(`${network}:${key}`, (inputs) => {
    const scalars = new Map<string, tf.Scalar>();
    const batch = stepBatch(session, network, inputs, scalars);
    const trained = parameters.trainable();
    const { value, gradients } = lossGradients(() => {
      const weighted = due.map((term) => {
        const loss = term.value(batch);
        if (loss.rank !== 0) {
          throw new TypeError(
            `Cannot train: expected loss term "${term.name}" to be a scalar, received shape [${loss.shape}]`,
          );
        }
        batch.report("term/" + term.name, loss);
        return tf.mul(loss, term.every ?? 1);
      });
      return tf.addN(weighted).asScalar();
    }, trained);
    session.optimizers[network].apply(
      driver.gradients(gradients, network),
      inputs.learningRate as tf.Scalar, // made by controlsOf
    );
    const limit = run.clip || lossByName(run.loss).weightClip;
    if (network === "discriminator" && limit) clipWeights(trained, limit);
    if (network === "generator") session.average?.update(inputs.averageDecay as tf.Scalar);
    scalars.set("loss/" + network, value);
    variant.names = [...scalars.keys()];
    const values = tf.stack([...scalars.values()]);
    for (const scalar of scalars.values()) scalar.dispose();
    return { values };
  });
  return Object.assign(variant, { compiled });
}

/** The view of a step's inputs that loss terms get. */
function stepBatch(
  session: Session,
  network: NetworkName,
  inputs: NamedTensors,
  scalars: Map<string, tf.Scalar>,
): StepBatch {
  const pick = (prefix: string) =>
    Object.fromEntries(
      Object.entries(inputs).filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  const memo = new Map<string, unknown>();
  const { phase } = session.position();
  const batch: StepBatch = {
    network,
    tensors: pick("data/"),
    size: phase.batchSize,
    resolution: phase.resolution,
    alpha: inputs.alpha as tf.Scalar, // made by controlsOf, as the next three
    imagesSeen: inputs.imagesSeen as tf.Scalar,
    inputs: pick("input/") as Record<string, tf.Scalar>,
    shared<T>(name: string, make: () => T): T {
      if (!memo.has(name)) memo.set(name, make());
      return memo.get(name) as T; // set under the same name by the same maker
    },
    // Kept: the gradient's own scope would dispose it before the step reads it.
    report: (name, value) => void scalars.set(name, tf.keep(value.clone())),
  };
  return { ...batch, tensors: session.driver.transform(batch.tensors, batch) };
}
