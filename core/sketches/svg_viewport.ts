/** Where a nested <svg> puts what it holds (SVG 2, 8: "Coordinate systems"); nothing is clipped to it. */
import { DrawingError } from "./drawing.ts";

type Attributes = Readonly<Record<string, string>>;

/** An <svg>'s sides in the units of what it holds; NaN where the file does not say. */
export interface Viewport {
  width: number;
  height: number;
}

/** The sides of the outermost <svg>; its own place does not matter, for drawings are fitted by their box. */
export function outermostViewport({ viewBox, width = "", height = "" }: Attributes): Viewport {
  return viewBoxOf(viewBox) ?? { width: lengthOf(width, NaN), height: lengthOf(height, NaN) };
}

/**
 * By x, y, width, height, viewBox and preserveAspectRatio.
 * @param outside the <svg> that it is in
 * @returns a transform for what it holds, and its sides; undefined where one of them is 0, which draws nothing
 * @throws DrawingError where the place is not known, such as for an x in em
 */
export function nestedViewport(
  attributes: Attributes,
  outside: Viewport,
): { transform: string; inside: Viewport } | undefined {
  const x = lengthOf(attributes.x || "0", outside.width);
  const y = lengthOf(attributes.y || "0", outside.height);
  const width = lengthOf(attributes.width || "100%", outside.width);
  const height = lengthOf(attributes.height || "100%", outside.height);
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

/** Undefined where there is none that can be used. */
function viewBoxOf(text = ""): Viewport & { left: number; top: number } | undefined {
  const [left = NaN, top = NaN, width = NaN, height = NaN, ...rest] = text.trim().split(/[\s,]+/)
    .map(Number);
  const isWhole = Number.isFinite(left + top) && width > 0 && height > 0 && rest.length === 0;
  return isWhole ? { left, top, width, height } : undefined;
}

/** In user units, px or %; NaN for what is none of them. */
function lengthOf(text: string, whole: number): number {
  const value = text.trim();
  if (value.endsWith("%")) return Number(value.slice(0, -1)) / 100 * whole;
  return value === "" ? NaN : Number(value.replace(/px$/i, ""));
}

/** What of the room left over comes before: by xMin, xMid or xMax, for y alike. */
function shareOf(align: string): number {
  return align === "Min" ? 0 : align === "Max" ? 1 : 0.5;
}

function matrixOf([scaleX, scaleY, x, y]: readonly [number, number, number, number]): string {
  if (Number.isFinite(x + y) && scaleX > 0 && scaleY > 0) {
    return `matrix(${scaleX} 0 0 ${scaleY} ${x} ${y})`;
  }
  throw new DrawingError("an SVG in an SVG whose place is not known: expected numbers, px or %");
}
