import type { AdversarialLoss } from "./adversarial_loss.ts";
import { bceMinimax } from "./bce_minimax.ts";
import { hinge } from "./hinge.ts";
import { leastSquares } from "./least_squares.ts";
import { type NamesOf, namesOf } from "./names_of.ts";
import { nonSaturating } from "./non_saturating.ts";
import { relativistic } from "./relativistic.ts";
import { wgan, wganClipped } from "./wgan.ts";

const list = [
  wgan,
  wganClipped,
  hinge,
  leastSquares,
  bceMinimax,
  relativistic,
  nonSaturating,
] as const;

/** All adversarial losses. */
export const adversarialLosses: readonly AdversarialLoss[] = list;

/** The names that {@linkcode lossByName} knows, for configuration schemas. */
export const LOSS_NAMES: NamesOf<typeof list> = namesOf(list);

/** One of {@linkcode LOSS_NAMES}. */
export type LossName = typeof LOSS_NAMES[number];

/** Names of the losses that have labels, which can be smoothed and flipped; the default first. */
export const LABEL_LOSSES: readonly string[] = adversarialLosses
  .filter(({ hasTargets }) => hasTargets).map(({ name }) => name).reverse();

/**
 * The adversarial loss called `name`.
 * @throws RangeError if there is none
 */
export function lossByName(name: string): AdversarialLoss {
  const loss = adversarialLosses.find((l) => l.name === name);
  if (loss) return loss;
  throw new RangeError(
    `Cannot choose a loss: expected one of ${LOSS_NAMES.join(", ")}, received "${name}"`,
  );
}
