import type { RunConfig } from "../config/mod.ts";
import type { NetworkName } from "../plugin/mod.ts";
import type { Phase } from "../schedule.ts";
import type { TrainingState } from "./training_state.ts";

/**
 * Of the learning rate that a phase has, the part that a step takes: 1 until `decayFrom` of the schedule, then half a
 * cosine down to `finalRate` at its end (Loshchilov and Hutter 2017, "SGDR", equation 5, without restarts). With β₁ = 0
 * Adam moves every weight by about the rate at every step, whatever the gradient's size: without a decay the weights'
 * random walk never ends.
 *
 * A function of the images seen and the schedule alone, so that a resumed run goes on exactly; what may change between
 * sessions (`--images`, `--minutes`) has no part in it.
 */
export function rateDecay(
  { decayFrom, finalRate }: Pick<RunConfig, "decayFrom" | "finalRate">,
  phases: readonly Phase[],
  imagesSeen: number,
): number {
  const done = imagesSeen / phases.at(-1)!.end; // phasesOf never returns an empty list
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
