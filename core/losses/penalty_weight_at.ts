import type { RunConfig } from "../config/run_config.ts";
import type { PenaltyWeight } from "./penalty.ts";
import type { PenaltyOption } from "./penalty_by_name.ts";

/**
 * The weight of a penalty at a resolution. Where `gammaFrom` is not 0, γ is multiplied by
 * (resolution / gammaFrom)² beyond it, as StyleGAN2-ADA's γ = 0.0002 · R² / batch does (Karras et
 * al. 2020, "Training Generative Adversarial Networks with Limited Data"): a discriminator that
 * sees the same in a picture of twice the side has a quarter of the gradient in each of four times
 * as many pixels, so that ‖∇D‖² falls to a quarter at each growth, and an unchanged γ holds it less
 * and less.
 * @param resolution px a side
 */
export function penaltyWeightAt(
  { option, grows }: PenaltyWeight<PenaltyOption>,
  run: Readonly<RunConfig>,
  resolution: number,
): number {
  const isBeyond = grows && run.gammaFrom > 0 && resolution > run.gammaFrom;
  return run[option] * (isBeyond ? (resolution / run.gammaFrom) ** 2 : 1);
}
