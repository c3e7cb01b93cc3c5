/** Runs the steps of one phase; shared by training, rehearsals and plugins' tests. */
import * as tf from "@tensorflow/tfjs";
import type { NamedTensors, RecordingStats } from "../backend/types.ts";
import type { BatchLoader, HostBatch } from "../data.ts";
import type { NetworkName, PluginTerm } from "../plugin/mod.ts";
import type { Phase } from "../schedule.ts";
import { createNetworkStep, type StepValues } from "./step/network_step.ts";
import { claimOwn } from "../reporting/curve_owners.ts";
import { addTo, averagesOf, type RunningMeans } from "../reporting/running_means.ts";
import { NETWORKS, type TrainingState } from "./training_state.ts";

/** A phase in training. */
export interface PhaseLoop {
  readonly phase: Phase;
  /** The loss terms of both networks. */
  readonly terms: readonly PluginTerm[];
  /** How many steps have been recorded so far. */
  readonly recordings: number;
  /**
   * One cycle: `criticSteps` discriminator steps, each on a new batch, then `generatorSteps`
   * generator steps.
   */
  cycle(): Promise<CycleValues>;
  /** One step of one network. The caller disposes `batch`; `imagesSeen` is not advanced. */
  step(network: NetworkName, batch: NamedTensors): Promise<TimedStep>;
  /** Disposes the recorded steps; the next ones are recorded again. */
  forget(): void;
  /** Disposes the recorded steps and closes the loader. */
  close(): Promise<void>;
}

/** What a cycle measured. */
export interface CycleValues {
  /** Deterministic, a pure function of the run's state: may go into checkpoints. */
  values: StepValues;
  /** Fractions of the cycle's wall time: they vary between machines. */
  timings: StepValues;
}

/** A step and how long it took. */
export interface TimedStep {
  values: StepValues;
  /** Milliseconds, by `performance.now()`. */
  startedAt: number;
  milliseconds: number;
  libraryMilliseconds: number;
}

/**
 * Grows the networks up to the phase at the training's `imagesSeen` and prepares its steps; they
 * are recorded when they first run.
 * @param loader batches of the phase; closed with the loop
 * @param onRecorded called after each recording
 */
export function openPhaseLoop(
  training: TrainingState,
  loader: BatchLoader,
  onRecorded: (name: string, stats: RecordingStats) => void | Promise<void> = () => {},
): PhaseLoop {
  const { run, counters, driver } = training;
  training.enterPhase();
  const { phase } = training.position();
  const terms = driver.losses();
  claimOwn(training, terms.map(({ name }) => "term/" + name));
  const recorded: (void | Promise<void>)[] = [];
  const networkStep = (network: NetworkName) =>
    createNetworkStep(training, {
      network,
      terms,
      onRecorded: (name, stats) => void recorded.push(onRecorded(name, stats)),
    });
  const steps = {
    generator: networkStep("generator"),
    discriminator: networkStep("discriminator"),
  };

  async function step(network: NetworkName, batch: NamedTensors): Promise<TimedStep> {
    const startedAt = performance.now();
    const values = await steps[network].run(batch);
    const milliseconds = performance.now() - startedAt;
    const { libraryMilliseconds } = steps[network];
    return { values, startedAt, milliseconds, libraryMilliseconds };
  }

  async function cycle(): Promise<CycleValues> {
    const { alpha } = training.position();
    const started = performance.now(), waited = loader.waitedMilliseconds;
    if (alpha < 1) driver.fade(alpha);
    const sums: RunningMeans = {};
    let library = 0;
    let batch: NamedTensors = {};
    const nextBatch = async () => {
      tf.dispose(batch);
      batch = tensorsOf(await loader.next());
      counters.cursor += phase.batchSize;
    };
    const stepOf = async (network: NetworkName) => {
      const { values, libraryMilliseconds } = await step(network, batch);
      addTo(sums, values);
      library += libraryMilliseconds;
    };
    try {
      for (let i = 0; i < run.criticSteps; i++) {
        await nextBatch();
        await stepOf("discriminator");
      }
      for (let i = 0; i < run.generatorSteps; i++) {
        if (i > 0) await nextBatch();
        await stepOf("generator");
      }
    } finally {
      tf.dispose(batch);
    }
    counters.imagesSeen += phase.batchSize * run.criticSteps;
    const whole = performance.now() - started;
    return {
      values: averagesOf(sums),
      timings: {
        "time/waiting_for_data": (loader.waitedMilliseconds - waited) / whole,
        ...(library > 0 ? { "time/outside_library": Math.max(0, 1 - library / whole) } : {}),
      },
    };
  }

  function forget(): void {
    for (const name of NETWORKS) steps[name].dispose();
  }

  return {
    phase,
    terms,
    get recordings() {
      return recorded.length;
    },
    cycle,
    step,
    forget,
    async close() {
      loader.close();
      forget();
      await Promise.all(recorded);
    },
  };
}

/** Uploads a batch to the backend; int32 stays int32, all else is float32. */
export function tensorsOf(batch: HostBatch): NamedTensors {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
    ]),
  );
}
