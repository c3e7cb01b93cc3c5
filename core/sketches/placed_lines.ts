/** Reads one drawing of the user, in its position on its canvas. */
import { DrawingError, expectFinite, fitToSquare, type Polyline } from "./drawing.ts";
import { openSketch } from "./open_sketch.ts";
import { parseDoodler } from "./parse_doodler.ts";
import type { FoundStrokes } from "./parse_strokes.ts";
import type { StrokeDrawing } from "./stroke_drawing.ts";
import { shapesOfSvg } from "./svg_shapes.ts";

/** A drawing to be continued. */
export interface PlacedDrawing {
  /** In the unit square, positioned as on the file's canvas. */
  lines: Polyline[];
  /** Number of drawings in the file, of which this is the first; counting stops at 1000. */
  count: number;
}

/**
 * Margin around Quick, Draw!'s canvas of 256 by 256, relative to the side; the same as in training
 * data.
 */
const MARGIN = 0.1, CANVAS = 255, MAX_COUNTED = 1000;

/**
 * Reads the first drawing of any file that training accepts. Its canvas is an SVG's viewBox, Quick,
 * Draw!'s 0 … 255 with a margin, or DoodlerGAN's 512; drawings outside of these are fitted by their
 * bounding box.
 * @param path decides the format if the content is ambiguous
 * @param onLeftOut called once for each kind of visible content that is not a line, and for an
 * unreadable drawing before the one that is read
 * @throws DrawingError with the reason if there is no drawing
 */
export async function placedLines(
  bytes: Uint8Array,
  path: string,
  onLeftOut?: (what: string) => void,
): Promise<PlacedDrawing> {
  const file = await openSketch(bytes, path);
  switch (file.kind) {
    case "svg":
      return { lines: linesOfSvg(file.text, onLeftOut), count: 1 };
    case "doodler": {
      const { parts } = parseDoodler(file.text, path); // the last is the one to draw
      return { lines: parts.slice(0, -1).flatMap(({ lines }) => lines), count: 1 };
    }
    case "strokes":
      return firstOf(file.strokes, onLeftOut);
  }
}

function linesOfSvg(text: string, onLeftOut?: (what: string) => void): Polyline[] {
  const { shapes, box } = shapesOfSvg(text, onLeftOut ? { onLeftOut } : {});
  const { left, top, width, height } = box, side = Math.max(width, height);
  const lines = shapes.flat().map((line) => Float32Array.from(line));
  if (lines.length === 0) return lines;
  if (!(side > 0)) fitToSquare(lines);
  else {
    const [x, y] = [left - (side - width) / 2, top - (side - height) / 2];
    for (const line of lines) move(line, { x, y, scale: 1 / side });
  }
  expectFinite(lines);
  return lines;
}

function firstOf(
  strokes: Iterable<FoundStrokes>,
  onLeftOut?: (what: string) => void,
): PlacedDrawing {
  let first: StrokeDrawing | undefined, reason: string | undefined, count = 0;
  for (const { number, drawing } of strokes) {
    if (drawing instanceof DrawingError) reason ??= `number ${number}: ${drawing.message}`;
    else {
      if (!first && reason !== undefined) onLeftOut?.(`skipped ${reason}`);
      first ??= drawing;
      if (++count === MAX_COUNTED) break;
    }
  }
  if (!first) throw new DrawingError(reason ?? "no drawing");
  return { lines: placed(first), count };
}

/**
 * Places a drawing in the unit square; a stroke of one point becomes a dot, a line of zero length.
 */
function placed({ points, ends }: StrokeDrawing): Polyline[] {
  const lines = ends.map((to, i) => points.slice(2 * (ends[i - 1] ?? 0), 2 * to))
    .filter(({ length }) => length > 0)
    .map((line) => line.length === 2 ? Float32Array.of(...line, ...line) : line);
  if (lines.every((line) => line.every((value) => value >= 0 && value <= CANVAS))) {
    const scale = (1 - 2 * MARGIN) / CANVAS, at = -MARGIN / scale;
    for (const line of lines) move(line, { x: at, y: at, scale });
  } else fitToSquare(lines);
  return lines;
}

function move(line: Polyline, { x, y, scale }: { x: number; y: number; scale: number }): void {
  for (let i = 0; i < line.length; i += 2) {
    line[i] = (line[i]! - x) * scale; // x, y pairs
    line[i + 1] = (line[i + 1]! - y) * scale;
  }
}
