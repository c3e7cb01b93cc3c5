/** One drawing gives many pairs of a partial sketch and its next part. */
import type { Drawing } from "../../core/sketches/drawing.ts";

/** A pair, by numbers. */
export interface Pair {
  drawing: number;
  /** Parts that are there. */
  partial: number[];
  /** The part to draw. */
  part: number;
}

/**
 * All pairs of all drawings.
 * @param split undefined: by drawing order where there is one, else each part against the others
 */
export function pairsOf(
  drawings: readonly Drawing[],
  split: "order" | "leave-one-out" | undefined,
): Pair[] {
  return drawings.flatMap(({ parts, ordered, onlyLast }, drawing) => {
    const all = parts.map((_, i) => i);
    if (onlyLast) return [{ drawing, partial: all.slice(0, -1), part: parts.length - 1 }];
    if ((split ?? (ordered ? "order" : "leave-one-out")) === "order") {
      return all.slice(1).map((part) => ({ drawing, partial: all.slice(0, part), part }));
    }
    return parts.length < 2
      ? []
      : all.map((part) => ({ drawing, partial: all.filter((other) => other !== part), part }));
  });
}
