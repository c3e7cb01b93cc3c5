/** What a chart's cursor reads: the nearest value of each line, however sparse the line is. */
import { nearest } from "./bucket.ts";

/** A thinned line; null where it has no value. */
export interface ReadLine {
  x: ArrayLike<number>; // ascending
  last: readonly (number | null)[];
}

/**
 * Index of the nearest point to `at` at which the line has a value; -1 if it has none.
 * @param at x of the cursor
 */
export function nearestKnown({ x, last }: ReadLine, at: number): number {
  const isKnown = (i: number) => last[i] !== null && last[i] !== undefined;
  let before = nearest(x, at), after = before;
  while (before >= 0 && !isKnown(before)) before--;
  while (after < x.length && !isKnown(after)) after++;
  if (before < 0) return isKnown(after) ? after : -1;
  return isKnown(after) && x[after]! - at < at - x[before]! ? after : before;
}

/**
 * Moves the cursor by keyboard: to the next x at which any line has a value.
 * @param lines the visible lines
 * @param options `from` is where the cursor is, or null; `by` the direction; `range` the visible
 * part of x
 * @returns null if no line has a value in the range
 */
export function stepCursor(
  lines: readonly ReadLine[],
  { from, by, range: [low, high] }: {
    from: number | null;
    by: -1 | 1;
    range: readonly [number, number];
  },
): number | null {
  let best: number | null = null; // the nearest one beyond `from`
  let end: number | null = null; // the outermost one, if there is none beyond
  for (const { x, last } of lines) {
    for (let i = 0; i < x.length; i++) {
      const at = x[i]!;
      if (last[i] === null || at < low || at > high) continue;
      if (end === null || by * (at - end) > 0) end = at;
      if (from !== null && by * (at - from) <= 0) continue;
      if (best === null || by * (at - best) < 0) best = at;
    }
  }
  return best ?? end;
}
