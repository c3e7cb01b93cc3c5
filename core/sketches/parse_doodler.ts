/**
 * Parses DoodlerGAN's JSON (Ge et al., "Creative Sketch Generation", 2021): one pair per file, with
 * `input_parts` by name and `target_part`, both lists of strokes `[[x, y], …]` on a canvas of 512.
 */
import { basename } from "node:path";
import {
  type Drawing,
  DrawingError,
  expectFewParts,
  expectFinite,
  MAX_POINTS,
  type Polyline,
} from "./drawing.ts";

/** Size of its canvas, and the padding around it. */
const CANVAS = 512, PADDING = 24;

/**
 * Parses one file.
 * @param path names the part and the group: `…_beak_json_64_train/ASSIGNMENT_0.json`
 * @param onDot called for each stroke of fewer than two points, which is dropped
 * @throws DrawingError with the reason if it is not a drawing
 */
export function parseDoodler(
  text: string,
  path: string,
  { onDot }: { onDot?: () => void } = {},
): Drawing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DrawingError("not JSON");
  }
  const { input_parts: inputs, target_part: target } = (value ?? {}) as Record<string, unknown>;
  if (typeof inputs !== "object" || inputs === null || target === undefined) {
    throw new DrawingError('JSON without "input_parts" and "target_part"');
  }
  const parts = Object.entries(inputs)
    .map(([label, strokes]) => ({ label, lines: linesOf(strokes, onDot) }))
    .filter(({ lines }) => lines.length > 0);
  const last = { label: targetName(path), lines: linesOf(target, onDot) };
  if (parts.length === 0) throw new DrawingError("an empty partial drawing");
  if (last.lines.length === 0) throw new DrawingError("an empty target part");
  expectFewParts([...parts, last]);
  const points = [...parts, last].flatMap(({ lines }) => lines).reduce(
    (n, line) => n + line.length / 2,
    0,
  );
  if (points > MAX_POINTS) throw new DrawingError(`more than ${MAX_POINTS} points`);
  const lines = [...parts, last].flatMap((part) => part.lines);
  expectFinite(lines);
  if (!lines.every((line) => line.every((v) => v >= -1 && v <= 2))) {
    throw new DrawingError(`coordinates far outside of the canvas of ${CANVAS}`);
  }
  const group = basename(path).replace(/(_\d+)?\.json$/i, "");
  return { path, group, parts: [...parts, last], ordered: true, onlyLast: true };
}

/** The folder's name contains the part's: "bird_short_beak_json_64_train". */
function targetName(path: string): string {
  return /([a-z]+)_json(?=[_/.])/i.exec(path)?.[1] ?? "part";
}

function linesOf(strokes: unknown, onDot?: () => void): Polyline[] {
  if (!Array.isArray(strokes)) throw new DrawingError("a part that is not a list of strokes");
  const lines: Polyline[] = [];
  for (const stroke of strokes as unknown[]) {
    if (!Array.isArray(stroke) || !stroke.every(isPoint)) {
      throw new DrawingError("a stroke that is not a list of [x, y]");
    }
    if (stroke.length < 2) {
      onDot?.();
      continue;
    }
    const unit = (value: number) => (value + PADDING) / (CANVAS + 2 * PADDING);
    lines.push(Float32Array.from(stroke.flat() as number[], unit)); // points of two numbers
  }
  return lines;
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 &&
    value.every((number) => Number.isFinite(number));
}
