/** Writes strokes as an SVG that drawing programs can edit. */
import type { Polyline } from "../drawing.ts";

/** Strokes that belong together: the given drawing, or one part. */
export interface StrokeGroup {
  /** Its `id`, e.g. "part-1". */
  id: string;
  /** A title that programs show, e.g. the part's class. */
  title?: string | undefined;
  lines: readonly Polyline[];
  /** Pen width of each line, relative to the side. */
  widths: readonly number[];
}

/** Side of the viewBox. */
const SIDE = 256;

/**
 * One `<path>` per stroke, in drawing order, and one group per part. A stroke whose pen differs
 * from that of most of its group has its own width. Curves pass through all points (Catmull and Rom
 * 1974), but keep sharp corners.
 */
export function strokesSvg(groups: readonly StrokeGroup[]): string {
  const body = groups.map(({ id, title, lines, widths }) => {
    const pens = widths.map((width) => rounded(width * SIDE)), mostCommon = mostFrequent(pens);
    const own = (i: number) => pens[i] === mostCommon ? "" : ` stroke-width="${pens[i]}"`;
    return [
      `  <g id="${escaped(id)}" stroke-width="${mostCommon}">`,
      ...(title ? [`    <title>${escaped(title)}</title>`] : []),
      ...lines.map((line, i) => `    <path d="${pathOf(line)}"${own(i)}/>`),
      "  </g>",
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" ` +
    `width="${SIDE}" height="${SIDE}" fill="none" stroke="#000" stroke-linecap="round" ` +
    `stroke-linejoin="round">\n${body.join("\n")}\n</svg>\n`;
}

/** The first of the most frequent values; "0" if there are none. */
function mostFrequent(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].reduce((best, one) => one[1] > best[1] ? one : best, ["0", 0])[0];
}

/** A turn sharper than this, as a cosine, is a corner: 60°. */
const CORNER = 0.5;

/** `M`, followed by a cubic curve from each point to the next. */
function pathOf(line: Polyline): string {
  const count = line.length / 2;
  const at = (i: number) => [line[2 * i]! * SIDE, line[2 * i + 1]! * SIDE] as const; // in the line
  const isClosed = count > 2 && at(0)[0] === at(count - 1)[0] && at(0)[1] === at(count - 1)[1];
  /** The unit tangent of the curve at point i; 0 at corners and open ends. */
  const tangent = (i: number): readonly [number, number] => {
    const isEnd = i === 0 || i === count - 1;
    if (isEnd && !isClosed) return [0, 0];
    const [x0, y0] = at(isEnd ? count - 2 : i - 1),
      [x, y] = at(i),
      [x1, y1] = at(isEnd ? 1 : i + 1);
    const [ax, ay, bx, by] = [x - x0, y - y0, x1 - x, y1 - y];
    const cosine = (ax * bx + ay * by) / (Math.hypot(ax, ay) * Math.hypot(bx, by) || 1);
    if (cosine < CORNER) return [0, 0];
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    return [(x1 - x0) / length, (y1 - y0) / length];
  };
  const words = [`M${pair(at(0))}`];
  for (let i = 1; i < count; i++) {
    const [from, to] = [at(i - 1), at(i)], third = Math.hypot(to[0] - from[0], to[1] - from[1]) / 3;
    const [out, back] = [tangent(i - 1), tangent(i)];
    const isStraight = [...out, ...back].every((value) => value === 0);
    words.push(
      isStraight
        ? `L${pair(to)}`
        : `C${pair([from[0] + out[0] * third, from[1] + out[1] * third])} ` +
          `${pair([to[0] - back[0] * third, to[1] - back[1] * third])} ${pair(to)}`,
    );
  }
  return words.join("");
}

function pair([x, y]: readonly [number, number]): string {
  return `${rounded(x)},${rounded(y)}`;
}

/** Rounds to hundredths, without trailing zeros. */
function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
