import { Random, seedFor } from "../../../core/mod.ts";

/**
 * At most `most` items, chosen at random by the seed and left in their order: data sets list one
 * class after another.
 */
export function someOf<T>(items: readonly T[], most: number, seed: number): T[] {
  if (items.length <= most) return [...items];
  const random = new Random(seedFor(seed, "measure/choice"));
  let wanted = most;
  // each item is taken with the probability that keeps all choices of `most` items equally likely
  return items.filter((_, i) => {
    const isTaken = random.integer(items.length - i) < wanted;
    if (isTaken) wanted--;
    return isTaken;
  });
}
