/**
 * Checks training steps: finite losses, a gradient for each weight, and recorded steps equal to
 * eager ones.
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../backend/mod.ts";
import type { Backend } from "../../backend/types.ts";
import type { Phase } from "../../schedule.ts";
import type { StepValues } from "../../trainer/step/network_step.ts";
import { NETWORKS } from "../../trainer/training_state.ts";
import { probeOf, type Workbench } from "../workbench.ts";
import { check, type PluginCheck, type Step } from "../check.ts";

export function stepChecks(bench: Workbench): PluginCheck[] {
  return [
    {
      name: "losses are finite and give each weight a gradient, in every phase",
      run: () => givesGradients(bench),
    },
    {
      name: "the recorded step equals the eager one",
      run: (step) => equalsEager(bench, step),
    },
  ];
}

/** The default tolerance of a step's values, relative to max(1, |value|). */
export const TOLERANCE = 1e-3;

/** In the middle of a fade-in, both the old and the new layers are trained. */
const middle = (phase: Phase) => phase.kind === "fade" ? 1 : 0;

async function givesGradients(bench: Workbench): Promise<void> {
  const backend = await selectBackend({ name: "cpu" });
  for (const phase of bench.phases) {
    const at = `at ${phase.resolution} px (${phase.kind})`, seen = new Set<string>();
    const probe = probeOf("gradient-probe", {
      gradients(_, gradients) {
        for (const [path, gradient] of Object.entries(gradients)) {
          seen.add(path);
          const finite = gradient.dataSync().every(Number.isFinite);
          check(finite, `expected a finite gradient of "${path}" ${at}`);
        }
        return gradients;
      },
    });
    const training = bench.training(backend, { extra: probe });
    try {
      bench.enter(training, phase, middle(phase));
      training.counters.generator = training.counters.discriminator = 0; // lazy terms are due
      for (const values of await bench.cycles(training, 1)) {
        for (const [name, value] of Object.entries(values)) {
          check(Number.isFinite(value), `expected "${name}" to be finite ${at}, received ${value}`);
        }
      }
      if (bench.plugin.kind !== "model") continue;
      for (const network of NETWORKS) {
        for (const { path } of training.network(network).trainable()) {
          check(
            seen.has(path),
            `expected each weight that trains to get a gradient ${at}, received none for ` +
              `"${path}". ` +
              `Use it in a loss term of the ${network}, remove it, or make it { trainable: false }`,
          );
        }
      }
    } finally {
      training.dispose();
    }
  }
}

async function equalsEager(bench: Workbench, step: Step): Promise<void> {
  const { tolerance = TOLERANCE } = bench.options;
  const phases = [bench.phases.find((p) => p.kind === "fade"), bench.phases.at(-1)]
    .filter((phase) => phase !== undefined);
  const eager = await valuesOf(bench, await selectBackend({ name: "cpu" }), phases);
  let reason = "";
  const backend = await selectBackend({
    shards: "auto",
    onFallback: (message) => reason = message,
  });
  const received = await valuesOf(bench, backend, phases);
  const how = reason === "" ? "recorded" : `not recorded. ${reason}`;
  await step(`${backend.info.library} (${how})`, () => {
    expectClose(received, eager, { tolerance, as: "in the eager step" });
  });
}

/** @param as where the expected values come from, for messages */
export function expectClose(
  received: readonly StepValues[],
  all: readonly StepValues[],
  { tolerance, as }: { tolerance: number; as: string },
): void {
  all.forEach((expected, i) => {
    const values = received[i] ?? {};
    for (const [name, value] of Object.entries(expected)) {
      const off = Math.abs(values[name]! - value) / Math.max(1, Math.abs(value));
      check(
        off <= tolerance,
        `expected "${name}" of cycle ${i} to be ${value} as ${as}, received ${values[name]}`,
      );
    }
  });
}

/**
 * The values of two cycles per phase, with the lazy terms and without, including the gradients'
 * norms.
 */
export async function valuesOf(
  bench: Workbench,
  backend: Backend,
  phases: readonly Phase[],
): Promise<StepValues[]> {
  const probe = probeOf("norm-probe", {
    gradients(_, gradients, step) {
      const squares = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
      step.report(`gradient norm of the ${step.network}`, tf.sqrt(tf.addN(squares)).asScalar());
      return gradients;
    },
  });
  const all: StepValues[] = [];
  for (const phase of phases) {
    const training = bench.training(backend, { extra: probe });
    try {
      bench.enter(training, phase, middle(phase));
      all.push(...await bench.cycles(training, 2));
    } finally {
      training.dispose();
    }
  }
  return all;
}
