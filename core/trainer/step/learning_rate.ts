import { decayPeriods, type RunConfig } from "../../config/mod.ts";
import type { NetworkName } from "../../plugin/mod.ts";
import type { Phase } from "../../schedule.ts";
import type { TrainingState } from "../training_state.ts";

/**
 * Factor on the phase's learning rate: 1 until the fraction `decayFrom` of a period, then half a
 * cosine down to `finalRate` at its end (Loshchilov and Hutter 2017, "SGDR", equation 5; where
 * there are several periods, each is a warm restart). With β₁ = 0, Adam moves every weight by about
 * the learning rate at every step, whatever the size of its gradient: without decay the weights'
 * random walk never ends.
 *
 * A function of the images seen, the options and the schedule alone, so that a resumed run
 * continues exactly; options that may change between sessions (`--images`, `--stop-after`) have no
 * influence. Adding later periods does not change the rates of earlier images.
 */
export function rateDecay(
  { decayFrom, finalRate, ...options }: Pick<
    RunConfig,
    "decayFrom" | "finalRate" | "decayPeriods"
  >,
  phases: readonly Phase[],
  imagesSeen: number,
): number {
  const end = phases.at(-1)!.end; // never empty
  const { from, to } = decayPeriods(options.decayPeriods)
    .findLast(({ from }) => from <= imagesSeen && from < end) ?? { from: 0, to: end };
  const done = (imagesSeen - from) / (Math.min(to, end) - from); // plugins may have cut phases
  const t = Math.min(1, Math.max(0, (done - decayFrom) / (1 - decayFrom)));
  return finalRate + (1 - finalRate) * (1 + Math.cos(Math.PI * t)) / 2;
}

/**
 * The learning rate of a network's next step: that of the phase, decayed, then changed by plugins.
 */
export function learningRateOf(training: TrainingState, network: NetworkName): number {
  const { run, phases, counters, driver } = training;
  const { learningRate } = training.position().phase;
  const decayed = learningRate * rateDecay(run, phases, counters.imagesSeen);
  return driver.learningRate(decayed, network);
}

/** Points of the learning rate's curve, and of the discriminator's where plugins make it differ. */
export function learningRates(training: TrainingState): Record<string, number> {
  const generator = learningRateOf(training, "generator");
  const discriminator = learningRateOf(training, "discriminator");
  return {
    learning_rate: generator,
    ...(discriminator === generator ? {} : { "learning_rate/discriminator": discriminator }),
  };
}
