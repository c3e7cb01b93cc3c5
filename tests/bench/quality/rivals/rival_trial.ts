/** Turns a rival's result into a row of the table of trials. */
import type { Figures, Trial } from "../trials_markdown.ts";

/** The parts of a rival's `rival.json` that are read. */
export interface RivalResult {
  rival: string;
  /** Real images that its discriminator saw, including repeats. */
  imagesSeen: number;
  processorSeconds: number;
}

/**
 * @param figures of `metrics --samples`; their imagesSeen are those of the run whose data was used
 * @param rival absent for a run of ours
 * @param name of a run of ours
 */
export function rivalTrial(figures: Figures, rival: RivalResult | undefined, name: string): Trial {
  if (!rival) return { name, processor: null, figures };
  const { imagesSeen, processorSeconds } = rival;
  return { name: rival.rival, processor: processorSeconds, figures: { ...figures, imagesSeen } };
}
