/** Seeds that users give. */

/** Draws use 32 bits of a seed: a larger one would repeat the draws of another. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Whether a value is a whole number in 0 … {@linkcode LARGEST_SEED}. */
export function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_SEED;
}

/**
 * @returns the seed itself
 * @throws RangeError where it is not a valid seed
 */
export function expectSeed(seed: number): number {
  if (isSeed(seed)) return seed;
  throw new RangeError(
    `Cannot draw from seed ${seed}: expected a whole number of 0 … ${LARGEST_SEED}`,
  );
}
