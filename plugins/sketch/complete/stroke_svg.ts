/** From strokes of Quick, Draw! to an SVG picture. */
import { messageOf } from "../../../core/mod.ts";

/** Room around a whole drawing, as a part of the side: that of the training data. */
const MARGIN = 0.1;

/** A stroke as Quick, Draw! writes it: all x, all y, and what else there is a point. */
export type Stroke = [x: number[], y: number[], ...rest: unknown[]];

/**
 * The first drawing of a .ndjson text.
 * @throws SyntaxError where no line holds one
 */
export function parseDrawing(text: string): Stroke[] {
  let first: string | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      return strokesOf(JSON.parse(line));
    } catch (error) {
      first ??= `line ${i + 1}: ${messageOf(error)}`;
    }
  }
  throw new SyntaxError(
    `expected a line such as {"drawing":[[[x, …],[y, …]], …]}, received ${first ?? "no line"}`,
  );
}

/** Lines of a .ndjson text that look like drawings; they are not read. */
export function countDrawings(text: string): number {
  return text.match(/^\s*\{.*"drawing"/gm)?.length ?? 0;
}

function strokesOf(value: unknown): Stroke[] {
  const drawing = (value as { drawing?: unknown } | null)?.drawing;
  if (!Array.isArray(drawing) || drawing.length === 0) {
    throw new TypeError('no strokes in "drawing"');
  }
  for (const stroke of drawing as unknown[]) {
    const [x, y] = Array.isArray(stroke) ? stroke as unknown[] : [];
    const numbers = (list: unknown): list is number[] =>
      Array.isArray(list) && list.length > 0 && list.every((n) => Number.isFinite(n));
    if (!numbers(x) || !numbers(y) || x.length !== y.length) {
      throw new TypeError("a stroke isn't [[x, …], [y, …]] with as many x as y");
    }
  }
  return drawing as Stroke[]; // each was looked at
}

/**
 * Strokes as black lines on white. Coordinates within 0 … 255 keep their place (a partial sketch must); others
 * are fitted into the picture.
 * @param side of the picture, px
 */
export function strokeSvg(
  strokes: readonly Stroke[],
  { side, lineWidth }: { side: number; lineWidth: number },
): string {
  const xs = strokes.flatMap(([x]) => x), ys = strokes.flatMap(([, y]) => y);
  const [left, right, top, bottom] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  const inside = left >= 0 && top >= 0 && right <= 255 && bottom <= 255;
  const span = inside ? 255 : Math.max(right - left, bottom - top, 1);
  const width = lineWidth * side, scale = side * (1 - 2 * MARGIN) / span;
  const place = (value: number, low: number, extent: number) =>
    side * MARGIN + (inside ? value : value - low + (span - extent) / 2) * scale;
  const lines = strokes.map(([x, y]) => {
    const points = x.map((value, i) =>
      `${place(value, left, right - left).toFixed(2)},${place(y[i]!, top, bottom - top).toFixed(2)}`
    );
    if (points.length === 1) points.push(points[0]!); // a dot: a line of no length with round ends
    return `<polyline points="${points.join(" ")}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">` +
    `<rect width="100%" height="100%" fill="#fff"/><g fill="none" stroke="#000" stroke-width="${width}" ` +
    `stroke-linecap="round" stroke-linejoin="round">${lines.join("")}</g></svg>`;
}
