/**
 * The coordinate systems of nested <svg> elements (SVG 2, 8: "Coordinate systems"); content is not
 * clipped.
 */
import { DrawingError } from "./drawing.ts";
import { lengthOf } from "./svg_length.ts";

type Attributes = Readonly<Record<string, string>>;

/** The size of an <svg> in the units of its content; NaN if the file does not specify it. */
export interface Viewport {
  width: number;
  height: number;
}

/** The visible area in user units of the outermost <svg>. */
export interface SvgBox extends Viewport {
  left: number;
  top: number;
}

/**
 * The outermost <svg>: its viewBox, otherwise its own size; its position on the page has no effect.
 * @returns transform: set if the size stretches the viewBox
 */
export function outermostViewport(
  { viewBox, width = "", height = "", preserveAspectRatio = "" }: Attributes,
): { box: SvgBox; transform: string } {
  const own = { width: lengthOf(width, NaN), height: lengthOf(height, NaN) };
  const box = viewBoxOf(viewBox) ?? { left: 0, top: 0, ...own };
  const stretch = (own.height / box.height) / (own.width / box.width);
  const isStretched = /^\s*none\b/.test(preserveAspectRatio) && stretch > 0 && stretch < Infinity;
  return { box, transform: isStretched && stretch !== 1 ? `scale(1 ${stretch})` : "" };
}

/**
 * Evaluates x, y, width, height, viewBox and preserveAspectRatio.
 * @param outside viewport of the parent <svg>
 * @param fontSize in user units
 * @returns a transform for its content, and its size; undefined if a side is 0, which draws nothing
 * @throws DrawingError if the position is not known, e.g. relative to an unknown size
 */
export function nestedViewport(
  attributes: Attributes,
  outside: Viewport,
  fontSize?: number,
): { transform: string; inside: Viewport } | undefined {
  const x = lengthOf(attributes.x || "0", outside.width, fontSize);
  const y = lengthOf(attributes.y || "0", outside.height, fontSize);
  const width = lengthOf(attributes.width || "100%", outside.width, fontSize);
  const height = lengthOf(attributes.height || "100%", outside.height, fontSize);
  if (width === 0 || height === 0) return undefined;
  const box = viewBoxOf(attributes.viewBox);
  if (!box) return { transform: matrixOf([1, 1, x, y]), inside: { width, height } };
  let scaleX = width / box.width, scaleY = height / box.height;
  const [align = "", fit] = (attributes.preserveAspectRatio ?? "").trim().split(/\s+/);
  if (align !== "none") scaleX = scaleY = Math[fit === "slice" ? "max" : "min"](scaleX, scaleY);
  const left = x + shareOf(align.slice(1, 4)) * (width - scaleX * box.width);
  const top = y + shareOf(align.slice(5, 8)) * (height - scaleY * box.height);
  const matrix = [scaleX, scaleY, left - scaleX * box.left, top - scaleY * box.top] as const;
  return { transform: matrixOf(matrix), inside: box };
}

/** Undefined if there is no valid viewBox. */
function viewBoxOf(text = ""): SvgBox | undefined {
  const [left = NaN, top = NaN, width = NaN, height = NaN, ...rest] = text.trim().split(/[\s,]+/)
    .map(Number);
  const isWhole = Number.isFinite(left + top) && width > 0 && height > 0 && rest.length === 0;
  return isWhole ? { left, top, width, height } : undefined;
}

/**
 * The fraction of the remaining space that comes first, for xMin, xMid or xMax, and likewise for y.
 */
function shareOf(align: string): number {
  return align === "Min" ? 0 : align === "Max" ? 1 : 0.5;
}

function matrixOf([scaleX, scaleY, x, y]: readonly [number, number, number, number]): string {
  if (Number.isFinite(x + y) && scaleX > 0 && scaleY > 0) {
    return `matrix(${scaleX} 0 0 ${scaleY} ${x} ${y})`;
  }
  throw new DrawingError("an SVG in an SVG whose place is not known");
}
