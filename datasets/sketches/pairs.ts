/** One drawing gives many pairs of a partial sketch and its next part. */
import type { Drawing } from "../../core/sketches/drawing.ts";

/** What a part is drawn against: those before it, or all others. */
export type Split = "order" | "leave-one-out";

/** A pair, by numbers. The partial sketch is not kept: of n parts, all pairs would have n² / 2. */
export interface Pair {
  drawing: number;
  part: number;
}

/**
 * All pairs of all drawings.
 * @param split undefined: by drawing order where there is one, else each part against the others
 * @param fromBlank in drawing order, the first part is drawn on blank paper
 */
export function pairsOf(
  drawings: readonly Drawing[],
  split: Split | undefined,
  fromBlank = false,
): Pair[] {
  const pairs: Pair[] = [];
  for (const [drawing, { parts: { length }, onlyLast, ...rest }] of drawings.entries()) {
    const isCut = splitOf(rest, split) === "order" && !fromBlank;
    const first = onlyLast ? length - 1 : isCut ? 1 : 0;
    if (length < 2 && !onlyLast) continue;
    for (let part = first; part < length; part++) pairs.push({ drawing, part });
  }
  return pairs;
}

/** Numbers of the parts that are there before `part` is drawn. */
export function partialOf(
  drawing: Pick<Drawing, "parts" | "ordered" | "onlyLast">,
  part: number,
  split: Split | undefined,
): number[] {
  const all = [...drawing.parts.keys()];
  return drawing.onlyLast || splitOf(drawing, split) === "order"
    ? all.slice(0, part)
    : all.filter((other) => other !== part);
}

function splitOf({ ordered }: Pick<Drawing, "ordered">, split: Split | undefined): Split {
  return split ?? (ordered ? "order" : "leave-one-out");
}
