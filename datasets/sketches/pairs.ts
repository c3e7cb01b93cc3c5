/** Derives pairs of a partial sketch and its next part from drawings. */
import type { Drawing } from "../../core/sketches/drawing.ts";

/** The context of a part: the parts drawn before it, or all others. */
export type Split = "order" | "leave-one-out";

/**
 * A pair, by indices. The partial sketch is not stored, because the pairs of n parts would take n²
 * / 2.
 */
export interface Pair {
  drawing: number;
  part: number;
}

/**
 * All pairs of all drawings.
 * @param split undefined: by drawing order if there is one, otherwise each part against the others
 * @param fromBlank in drawing order, whether the first part is drawn on blank paper
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

/** Indices of the parts that exist before `part` is drawn. */
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
