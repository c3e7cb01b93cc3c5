/** Converts SVG path data to polylines. */
import svgpath from "svgpath";
import { DrawingError, MAX_POINTS } from "./drawing.ts";

/** Number of straight segments per curve. */
const PIECES = 12;

/**
 * Converts a path to polylines; curves become straight segments, and arcs cubic curves first.
 * @param data the `d` attribute
 * @param transforms `transform` attributes, the innermost first
 * @param onDot called for each subpath that consists of a move only, unless the next subpath is
 * relative to it (`M12 12m-9 0`); one of zero length, such as `M12 12h0`, is drawn
 * @returns one list of alternating x and y per subpath
 * @throws DrawingError if the data is not a path
 */
export function flattenPath(
  data: string,
  transforms: readonly string[],
  { onDot }: { onDot?: () => void } = {},
): number[][] {
  if (data.length > 200_000) throw new DrawingError("a path of more than 200,000 characters");
  let path = svgpath(data);
  const isRelative: boolean[] = []; // of each move
  path.iterate(([command]) => {
    if (command === "M" || command === "m") isRelative.push(command === "m");
  });
  for (const transform of transforms) path = path.transform(transform);
  path = path.abs().unarc().unshort().abs(); // svgpath applies the transforms as soon as it has to
  // svgpath records its parse error in `err`, which its types omit.
  const { err } = path as unknown as { err?: string };
  if (err) throw new DrawingError(`a damaged path: ${err}`);
  const lines: number[][] = [], moves: number[][] = []; // moves: those that start with one
  let line: number[] = [], count = 0;
  path.iterate((segment, _index, x, y) => {
    const [command, ...p] = segment as [string, ...number[]]; // svgpath's form
    if (command === "M") {
      line = [p[0]!, p[1]!];
      lines.push(line);
      moves.push(line);
    } else if (command === "L") line.push(p[0]!, p[1]!);
    else if (command === "H") line.push(p[0]!, y);
    else if (command === "V") line.push(x, p[0]!);
    else if (command === "C") cubic(line, [x, y, ...p]);
    else if (command === "Q") cubic(line, elevate([x, y, ...p]));
    else if (command === "Z" || command === "z") {
      const [startX, startY] = [line[0]!, line[1]!];
      line.push(startX, startY);
      line = [startX, startY]; // a following segment starts there
      lines.push(line);
    }
    count += command === "C" || command === "Q" ? PIECES : 1;
    if (count > MAX_POINTS) throw new DrawingError(`more than ${MAX_POINTS} points`);
  });
  if (lines.some((points) => !points.every(Number.isFinite))) {
    throw new DrawingError("a damaged path");
  }
  for (const [i, { length }] of moves.entries()) if (length < 4 && !isRelative[i + 1]) onDot?.();
  return lines.filter((points) => points.length >= 4);
}

/** Converts a quadratic curve to a cubic one. */
function elevate(q: number[]): number[] {
  const [x0, y0, x1, y1, x2, y2] = q as [number, number, number, number, number, number];
  const third = (a: number, b: number) => a + (b - a) * 2 / 3;
  return [x0, y0, third(x0, x1), third(y0, y1), third(x2, x1), third(y2, y1), x2, y2];
}

/** B(t) = (1-t)³ P0 + 3 (1-t)² t P1 + 3 (1-t) t² P2 + t³ P3. */
function cubic(line: number[], c: number[]): void {
  for (let i = 1; i <= PIECES; i++) {
    const t = i / PIECES, s = 1 - t;
    const weights = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    line.push(
      weights.reduce((sum, weight, k) => sum + weight * c[2 * k]!, 0), // four points
      weights.reduce((sum, weight, k) => sum + weight * c[2 * k + 1]!, 0),
    );
  }
}
