/** A rival's result as a row of the table of trials. */
import type { Figures, Trial } from "../trials_markdown.ts";

/** What a rival's `rival.json` says, as far as it is read. */
export interface RivalResult {
  rival: string;
  /** Reals that its discriminator saw, repeats counted. */
  imagesSeen: number;
  processorSeconds: number;
}

/**
 * @param figures `metrics --samples`; its images seen are those of the run that lent its data
 * @param rival absent for a run of ours
 * @param name of a run of ours
 */
export function rivalTrial(figures: Figures, rival: RivalResult | undefined, name: string): Trial {
  if (!rival) return { name, processor: null, figures };
  const { imagesSeen, processorSeconds } = rival;
  return { name: rival.rival, processor: processorSeconds, figures: { ...figures, imagesSeen } };
}
