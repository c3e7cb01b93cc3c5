/**
 * Quick, Draw! drawings, one JSON a line: simplified `[xs, ys]`, raw `[xs, ys, milliseconds]`, or with a part's
 * label for each point `[xs, ys, labels]` (the form of the SPG data set: Li et al., "Universal Perceptual Grouping", 2018).
 */
import { basename } from "node:path";
import {
  type Drawing,
  DrawingError,
  fitToSquare,
  MAX_POINTS,
  type Polyline,
  type SketchPart,
  type SkipLog,
  TOO_SHORT,
} from "./drawing.ts";

/** A stroke as the file has it. */
interface RawStroke {
  xs: number[];
  ys: number[];
  third: number[] | undefined;
}

/** A longer line is no drawing. */
const MAX_LINE = 4 * 2 ** 20;

/**
 * Reads all drawings of a file.
 * @param text the file's content
 * @param path for messages and groups
 * @param skips where lines that are left out are told
 */
export function parseNdjson(text: string, path: string, skips: SkipLog): Drawing[] {
  const read: { strokes: RawStroke[]; word: string | undefined; path: string }[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `${path}:${i + 1}`;
    try {
      read.push({ ...parseLine(line), path: place });
    } catch (error) {
      if (!(error instanceof DrawingError)) throw error;
      skips.add(place, error.message);
    }
  }
  const labelled = hasLabels(read.flatMap(({ strokes }) => strokes));
  const stem = basename(path).replace(/\.[^.]*$/, "").replace(
    /[_-](train|test|valid(ation)?)$/,
    "",
  );
  const drawings: Drawing[] = [];
  for (const { strokes, word = stem, path: place } of read) {
    try {
      const parts = partsOf(strokes, word, labelled, () => skips.add(place, TOO_SHORT));
      drawings.push({ path: place, group: place, parts, ordered: true });
    } catch (error) {
      if (!(error instanceof DrawingError)) throw error;
      skips.add(place, error.message);
    }
  }
  return drawings;
}

function parseLine(line: string): { strokes: RawStroke[]; word: string | undefined } {
  if (line.length > MAX_LINE) throw new DrawingError("a line of more than 4 MiB");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new DrawingError("a line that is not JSON");
  }
  const { drawing, word } = (value ?? {}) as { drawing?: unknown; word?: unknown };
  if (!Array.isArray(drawing)) throw new DrawingError('a line without "drawing"');
  if (drawing.length === 0) throw new DrawingError("an empty drawing");
  const strokes = drawing.map(parseStroke);
  if (strokes.reduce((sum, { xs }) => sum + xs.length, 0) > MAX_POINTS) {
    throw new DrawingError(`more than ${MAX_POINTS} points`);
  }
  return { strokes, word: typeof word === "string" && word !== "" ? word : undefined };
}

function parseStroke(stroke: unknown): RawStroke {
  const rows: unknown[] = Array.isArray(stroke) ? stroke : [];
  const [xs, ys, third] = rows;
  const isWhole = (rows.length === 2 || rows.length === 3) && rows.every(isNumbers) &&
    rows.every((row) => (row as number[]).length === (xs as number[]).length); // checked one line above
  if (!isWhole) {
    throw new DrawingError("a stroke that is not [xs, ys] or [xs, ys, times or labels]");
  }
  return { xs: xs as number[], ys: ys as number[], third: third as number[] | undefined };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((number) => Number.isFinite(number));
}

/** Whether the third rows are labels: times rise within most strokes, labels hardly ever do. */
function hasLabels(strokes: readonly RawStroke[]): boolean {
  let rising = 0, other = 0;
  for (const { third } of strokes) {
    if (!third || third.length < 2) continue;
    const rises = third.every((value, i) => i === 0 || value >= third[i - 1]!) &&
      third.at(-1)! > third[0]!;
    if (rises) rising++;
    else other++;
  }
  return other > rising;
}

/** One part a label in the order of its first stroke, or one part a stroke. */
function partsOf(
  strokes: readonly RawStroke[],
  word: string,
  labelled: boolean,
  onDot: () => void,
): SketchPart[] {
  const parts = new Map<string, SketchPart>(), lines: Polyline[] = [];
  for (const [i, stroke] of strokes.entries()) {
    for (const { from, to, label } of labelled ? runsOf(stroke) : [wholeOf(stroke)]) {
      if (to - from < 2) {
        onDot();
        continue;
      }
      const line = new Float32Array(2 * (to - from));
      for (let j = from; j < to; j++) line.set([stroke.xs[j]!, stroke.ys[j]!], 2 * (j - from)); // inside
      lines.push(line);
      const key = label === undefined ? `stroke ${i}` : `label ${label}`;
      const part = parts.get(key) ??
        { label: label === undefined ? word : `${word}/${label}`, lines: [] };
      part.lines.push(line);
      parts.set(key, part);
    }
  }
  if (lines.length === 0) throw new DrawingError("an empty drawing");
  fitToSquare(lines);
  return [...parts.values()];
}

interface Run {
  from: number;
  to: number;
  label: number | undefined;
}

function wholeOf({ xs }: RawStroke): Run {
  return { from: 0, to: xs.length, label: undefined };
}

/** Stretches of one label; the point where the label changes ends one and begins the next. */
function runsOf(stroke: RawStroke): Run[] {
  if (!stroke.third) throw new DrawingError("a stroke without labels in a file that has them");
  if (stroke.third.length === 0) return [wholeOf(stroke)]; // told as one that is too short
  const runs: Run[] = [];
  for (const [i, label] of stroke.third.entries()) {
    if (!Number.isInteger(label) || label < 0 || label > 255) {
      throw new DrawingError("an unknown label: expected 0 to 255");
    }
    const last = runs.at(-1);
    if (last?.label === label) last.to = i + 1;
    else runs.push({ from: i === 0 ? 0 : i - 1, to: i + 1, label });
  }
  return runs;
}
