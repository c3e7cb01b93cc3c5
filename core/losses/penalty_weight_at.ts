import type { RunConfig } from "../config/run_config.ts";
import type { PenaltyWeight } from "./penalty.ts";
import type { PenaltyOption } from "./penalty_by_name.ts";

/**
 * The weight of a penalty at a resolution. If `gammaFrom` is not 0, γ is multiplied by (resolution
 * / gammaFrom)² beyond it, like StyleGAN2-ADA's γ = 0.0002 · R² / batch (Karras et al. 2020,
 * "Training Generative Adversarial Networks with Limited Data"): when the resolution doubles, a
 * discriminator that responds to the same content has a quarter of the gradient in each of four
 * times as many pixels, so ‖∇D‖² falls to a quarter, and a constant γ would regularize less and
 * less.
 * @param resolution side in px
 */
export function penaltyWeightAt(
  { option, grows }: PenaltyWeight<PenaltyOption>,
  run: Readonly<RunConfig>,
  resolution: number,
): number {
  const isBeyond = grows && run.gammaFrom > 0 && resolution > run.gammaFrom;
  return run[option] * (isBeyond ? (resolution / run.gammaFrom) ** 2 : 1);
}
