/** Limits how often a token may be guessed. */

export interface GuessLimit {
  /** Whether a token from this address may be checked now. */
  allows(address: string): boolean;
  failed(address: string): void;
}

/** Length of a window, ms. */
const WINDOW = 60_000;

/**
 * Limits wrong tokens in fixed windows of a minute, for each address and in total, which bounds
 * memory as well.
 * @param now monotonic clock, ms
 */
export function createGuessLimit(
  { each = 10, all = 100, now = () => performance.now() }: {
    each?: number;
    all?: number;
    now?: () => number;
  } = {},
): GuessLimit {
  let began = -Infinity, total = 0;
  const wrong = new Map<string, number>();
  const turn = () => {
    if (now() - began < WINDOW) return;
    began = now();
    total = 0;
    wrong.clear();
  };
  return {
    allows(address) {
      turn();
      return total < all && (wrong.get(address) ?? 0) < each;
    },
    failed(address) {
      turn();
      total++;
      wrong.set(address, (wrong.get(address) ?? 0) + 1);
    },
  };
}
