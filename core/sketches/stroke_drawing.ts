/** A drawing as a list of strokes, before it is split into parts. */
import { DrawingError, MAX_POINTS } from "./drawing.ts";

/** Strokes as stored in the file: not scaled, without labels. */
export interface StrokeDrawing {
  /** What was drawn; undefined if the file doesn't say. */
  word: string | undefined;
  /** Points of all strokes: alternating x and y, to the right and down. */
  points: Float32Array;
  /** Per point: milliseconds, or a part's label; NaN if a stroke has neither. */
  third: Float32Array | undefined;
  /** Number of points up to the end of each stroke. */
  ends: readonly number[];
  /** False if Quick, Draw! did not recognize the drawing. */
  recognized: boolean;
}

/** A stroke: each row has one number per point. */
export interface StrokeRows {
  xs: ArrayLike<number>;
  ys: ArrayLike<number>;
  third?: ArrayLike<number> | undefined;
}

/**
 * Combines strokes into one drawing.
 * @throws DrawingError if there are none, or too many points
 */
export function strokeDrawing(
  strokes: readonly StrokeRows[],
  { word, recognized = true }: { word?: string | undefined; recognized?: boolean } = {},
): StrokeDrawing {
  if (strokes.length === 0) throw new DrawingError("an empty drawing");
  const ends: number[] = [];
  let count = 0;
  for (const { xs } of strokes) ends.push(count += xs.length);
  if (count > MAX_POINTS) throw new DrawingError(`more than ${MAX_POINTS} points`);
  const points = new Float32Array(2 * count);
  const third = strokes.some((stroke) => stroke.third)
    ? new Float32Array(count).fill(NaN)
    : undefined;
  for (const [i, stroke] of strokes.entries()) {
    const from = ends[i - 1] ?? 0;
    for (let j = 0; j < stroke.xs.length; j++) {
      points[2 * (from + j)] = stroke.xs[j]!; // the rows are of one length
      points[2 * (from + j) + 1] = stroke.ys[j]!;
      if (third && stroke.third) third[from + j] = stroke.third[j]!;
    }
  }
  return { word, points, third, ends, recognized };
}

/**
 * Interprets a JSON value as a drawing: an object with "drawing", or the list of strokes itself. A
 * stroke is `[xs, ys]`, optionally with milliseconds or labels as a third row, or an object with
 * `x` and `y`.
 * @throws DrawingError if it is not a drawing
 */
export function drawingOfJson(value: unknown): StrokeDrawing {
  const { drawing, word, recognized } =
    (Array.isArray(value) ? { drawing: value } : value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(drawing)) throw new DrawingError('JSON without "drawing"');
  return strokeDrawing(drawing.map(rowsOf), {
    word: typeof word === "string" && word !== "" ? word : undefined,
    recognized: !/^false$/i.test(String(recognized)),
  });
}

function rowsOf(stroke: unknown): StrokeRows {
  const { x, y } = (stroke ?? {}) as { x?: unknown; y?: unknown };
  const rows: unknown[] = Array.isArray(stroke) ? stroke : [x, y];
  const [xs, ys, third] = rows;
  const isWhole = (rows.length === 2 || rows.length === 3) && rows.every(isNumbers) &&
    // isNumbers() has just checked them
    rows.every((row) => (row as number[]).length === (xs as number[]).length);
  if (!isWhole) {
    throw new DrawingError("a stroke that is not [xs, ys] or [xs, ys, times or labels]");
  }
  return { xs: xs as number[], ys: ys as number[], third: third as number[] | undefined };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((number) => Number.isFinite(number));
}
