/** Seeds that people name: each stands for draws of its own. */

/** Draws take 32 bits of a seed: a larger one would stand for those of another. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Whether it is a whole number of 0 … {@linkcode LARGEST_SEED}. */
export function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_SEED;
}

/**
 * The seed itself.
 * @throws RangeError where it is none
 */
export function expectSeed(seed: number): number {
  if (isSeed(seed)) return seed;
  throw new RangeError(
    `Cannot draw of seed ${seed}: expected a whole number of 0 … ${LARGEST_SEED}`,
  );
}
