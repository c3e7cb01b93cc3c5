/** Messages about lost workers. */
import type { WorkerPlace } from "../../backend/types.ts";

/** Names workers, e.g. "worker 1 (host:4701)"; beyond four, the first three and a count. */
export function workersText({ addresses }: WorkerPlace, ranks: readonly number[]): string {
  const each = ranks.map((rank) => `${rank} (${addresses[rank]})`);
  const shown = each.length > 4 ? [...each.slice(0, 3), `${each.length - 3} more`] : each;
  return `worker${each.length > 1 ? "s" : ""} ${shown.join(", ")}`;
}

/** The error of a worker that ends because others are lost. */
export function lossText(
  place: WorkerPlace,
  { ranks, what }: { ranks: readonly number[]; what: string },
): string {
  const cutOff = ranks.length > 1 && ranks.length === place.addresses.length - 1
    ? " As all others are silent, this machine may be the one that is cut off."
    : "";
  return `Cannot go on training together: ${
    workersText(place, ranks)
  } ${what}.${cutOff} The run's ` +
    `checkpoints are whole: end what is left of the workers, and start all again with --resume ` +
    `(--restarts 3 does that by itself, three times)`;
}
