/** How often a token may be guessed. */

/** Counts wrong tokens. */
export interface GuessLimit {
  /** Whether one from this address may be compared now. */
  allows(address: string): boolean;
  failed(address: string): void;
}

/** Length of a window, in milliseconds. */
const WINDOW = 60_000;

/**
 * Fixed windows of a minute: so many wrong ones from one address, and so many in all, which bounds
 * the memory too.
 * @param now ms, rising
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
