import { decayPeriods, type RunConfig } from "../../config/mod.ts";
import type { NetworkName } from "../../plugin/mod.ts";
import type { Phase } from "../../schedule.ts";
import type { TrainingState } from "../training_state.ts";

/**
 * Of the learning rate that a phase has, the part that a step takes: 1 until `decayFrom` of a
 * period, then half a cosine down to `finalRate` at its end (Loshchilov and Hutter 2017, "SGDR",
 * equation 5; where there are several periods, each is a warm restart). With β₁ = 0 Adam moves
 * every weight by about the rate at every step, whatever the gradient's size: without a decay the
 * weights' random walk never ends.
 *
 * A function of the images seen, the options and the schedule alone, so that a resumed run goes on
 * exactly; what may change between sessions (`--images`, `--stop-after`) has no part in it. Periods
 * that come later change nothing of earlier images.
 */
export function rateDecay(
  { decayFrom, finalRate, ...options }: Pick<
    RunConfig,
    "decayFrom" | "finalRate" | "decayPeriods"
  >,
  phases: readonly Phase[],
  imagesSeen: number,
): number {
  const end = phases.at(-1)!.end; // phasesOf never returns an empty list
  const { from, to } = decayPeriods(options.decayPeriods)
    .findLast(({ from }) => from <= imagesSeen && from < end) ?? { from: 0, to: end };
  const done = (imagesSeen - from) / (Math.min(to, end) - from); // plugins may have cut phases
  const t = Math.min(1, Math.max(0, (done - decayFrom) / (1 - decayFrom)));
  return finalRate + (1 - finalRate) * (1 + Math.cos(Math.PI * t)) / 2;
}

/** The learning rate of a network's next step: the phase's, decayed, as plugins change it. */
export function learningRateOf(training: TrainingState, network: NetworkName): number {
  const { run, phases, counters, driver } = training;
  const { learningRate } = training.position().phase;
  const decayed = learningRate * rateDecay(run, phases, counters.imagesSeen);
  return driver.learningRate(decayed, network);
}

/** Curves of the learning rate, and of the discriminator's where plugins give it another. */
export function learningRates(training: TrainingState): Record<string, number> {
  const generator = learningRateOf(training, "generator");
  const discriminator = learningRateOf(training, "discriminator");
  return {
    learning_rate: generator,
    ...(discriminator === generator ? {} : { "learning_rate/discriminator": discriminator }),
  };
}
