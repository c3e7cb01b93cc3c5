/** Splits strokes into parts: one per stroke, or one per label. */
import {
  DrawingError,
  expectFewParts,
  fitToSquare,
  type Polyline,
  type SketchPart,
} from "./drawing.ts";
import type { StrokeDrawing } from "./stroke_drawing.ts";

/** A range of points. */
interface Run {
  from: number;
  to: number;
  label: number | undefined;
}

/**
 * Decides whether the third rows of a file's strokes are times or labels: times increase within
 * most strokes, labels hardly ever do.
 */
export class LabelVote {
  #rising = 0;
  #other = 0;

  add({ third, ends }: Pick<StrokeDrawing, "third" | "ends">): void {
    if (!third) return;
    let from = 0;
    for (const to of ends) {
      const length = to - from, first = third[from]!; // NaN where the stroke has no third row
      let rises = length > 1 && third[to - 1]! > first;
      for (let i = from + 1; rises && i < to; i++) rises = third[i]! >= third[i - 1]!;
      if (length > 1 && !Number.isNaN(first)) rises ? this.#rising++ : this.#other++;
      from = to;
    }
  }

  /** Whether the third rows are labels. */
  get labelled(): boolean {
    return this.#other > this.#rising;
  }
}

/**
 * Parts in the unit square: one per label in the order of first strokes, or one per stroke.
 * @param onDot called for each stroke of fewer than two points, which is dropped
 * @throws DrawingError if nothing, or too much, is left
 */
export function partsOf(
  drawing: StrokeDrawing,
  { word, labelled, onDot }: { word: string; labelled: boolean; onDot: () => void },
): SketchPart[] {
  const { points, ends } = drawing;
  const parts = new Map<string, SketchPart>(), lines: Polyline[] = [];
  for (const [i, to] of ends.entries()) {
    const stroke = { from: ends[i - 1] ?? 0, to, label: undefined };
    for (const { from, to, label } of labelled ? runsOf(drawing, stroke) : [stroke]) {
      if (to - from < 2) {
        onDot();
        continue;
      }
      // Runs share the point where the label changes, and each copy is scaled.
      const line = points.subarray(2 * from, 2 * to);
      lines.push(labelled ? line.slice() : line);
      const key = label === undefined ? `stroke ${i}` : `label ${label}`;
      const part = parts.get(key) ??
        { label: label === undefined ? word : `${word}/${label}`, lines: [] };
      part.lines.push(lines.at(-1)!); // just pushed
      parts.set(key, part);
    }
  }
  if (lines.length === 0) throw new DrawingError("an empty drawing");
  const all = [...parts.values()];
  expectFewParts(all);
  fitToSquare(lines);
  return all;
}

/**
 * Splits a stroke into runs of one label; the point where the label changes ends one run and starts
 * the next.
 */
function runsOf({ third }: StrokeDrawing, stroke: Run): Run[] {
  const { from, to } = stroke;
  if (from === to) return [stroke]; // reported as too short
  const runs: Run[] = [];
  for (let i = from; i < to; i++) {
    const label = third?.[i] ?? NaN;
    if (Number.isNaN(label)) {
      throw new DrawingError("a stroke without labels in a file that has them");
    }
    if (!Number.isInteger(label) || label < 0 || label > 255) {
      throw new DrawingError("an unknown label: expected 0 to 255");
    }
    const last = runs.at(-1);
    if (last?.label === label) last.to = i + 1;
    else runs.push({ from: i === from ? i : i - 1, to: i + 1, label });
  }
  return runs;
}
