/** Expresses sizes as products of run-time symbols, found by comparing recordings. */
import { ExportError } from "./export_error.ts";
import type { Size } from "./graph.ts";

/**
 * The symbols' values in a first recording, and the changed value of each symbol in a further
 * recording in which only that symbol differs.
 */
export interface SizeTrials {
  readonly base: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
}

/**
 * The size that is `values[0]` in the first recording and `values[i + 1]` in the one where the i-th
 * symbol differs.
 * @throws ExportError if it is not a multiple of the symbols
 */
export function sizeOf(values: readonly number[], { base, changed }: SizeTrials): Size {
  const first = values[0]!, of: string[] = []; // the first recording
  let times = first;
  Object.keys(base).forEach((symbol, i) => {
    if (values[i + 1] === first) return;
    of.push(symbol);
    times /= base[symbol]!;
    if (values[i + 1] === first / base[symbol]! * changed[symbol]!) return;
    throw notProportional(values);
  });
  if (of.length === 0) return first;
  if (!Number.isInteger(times)) throw notProportional(values);
  return { times, of };
}

function notProportional(values: readonly number[]): ExportError {
  return new ExportError(
    `Cannot export: expected sizes that are multiples of the batch's and the picture's, ` +
      `received ${values.join(", ")} of different inputs`,
  );
}
