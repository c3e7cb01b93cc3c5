/** Parses layers of a generator: "coarse", "0-3,6". */
import { RunError } from "../run_error.ts";

/** Words for the first, second and last third of the layers. */
export const LAYER_WORDS = ["coarse", "middle", "fine"] as const;

/**
 * Parses a list of layers.
 * @param text "all", "coarse", "middle", "fine", numbers and ranges from 0, joined by commas
 * @param count number of layers
 * @returns layer numbers, ascending and unique
 * @throws RunError where the text is not a list of layers, or a layer does not exist
 */
export function layersNamed(text: string, count: number): number[] {
  const chosen = new Set<number>();
  for (const part of text.split(",").map((p) => p.trim())) {
    const [from, to] = rangeOf(part, count);
    for (let i = from; i <= to; i++) chosen.add(i);
  }
  return [...chosen].sort((a, b) => a - b);
}

function rangeOf(part: string, count: number): [number, number] {
  if (part === "all") return [0, count - 1];
  const third = LAYER_WORDS.findIndex((word) => word === part);
  if (third >= 0) {
    const cut = (i: number) => Math.round(i * count / 3);
    return [cut(third), cut(third + 1) - 1];
  }
  const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part);
  const from = Number(match?.[1]), to = Number(match?.[2] ?? match?.[1]);
  if (match && from <= to && to < count) return [from, to];
  throw new RunError(
    `Cannot use layers "${part}": expected all, coarse, middle, fine, or numbers of 0 … ${
      count - 1
    } such as 0-1,3`,
  );
}
