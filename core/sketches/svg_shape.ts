/** Converts shapes to path data (SVG 2, 10: "Basic Shapes"). */
import { DrawingError } from "./drawing.ts";
import { lengthOf } from "./svg_length.ts";
import type { Viewport } from "./svg_viewport.ts";

/** Names of shape elements. */
export const SHAPES: ReadonlySet<string> = new Set([
  ...["path", "line", "circle", "ellipse", "rect", "polyline", "polygon"],
]);

/**
 * @param viewport of the nearest <svg>
 * @param fontSize in user units
 * @throws DrawingError for an invalid length
 */
export function pathData(
  name: string,
  attributes: Readonly<Record<string, string>>,
  { viewport: { width, height }, fontSize }: { viewport: Viewport; fontSize: number },
): string {
  const diagonal = Math.hypot(width, height) / Math.SQRT2; // what radii are a part of
  const length = (key: string, whole: number): number => {
    const text = attributes[key];
    const value = text === undefined ? 0 : lengthOf(text, whole, fontSize);
    if (Number.isFinite(value)) return value;
    throw new DrawingError(
      text?.trim().endsWith("%")
        ? `a <${name}> whose ${key} is a part of a size that the file does not say`
        : `a <${name}> whose ${key} is no number`,
    );
  };
  const x = (key: string) => length(key, width), y = (key: string) => length(key, height);
  const radius = (key: "rx" | "ry") => {
    const text = attributes[key]?.trim().toLowerCase();
    return text === undefined || text === "auto" ? undefined : key === "rx" ? x(key) : y(key);
  };
  const radii = () => {
    const rx = radius("rx"), ry = radius("ry");
    return { rx: rx ?? ry ?? 0, ry: ry ?? rx ?? 0 };
  };
  switch (name) {
    case "path":
      return attributes.d ?? "";
    case "line":
      return `M${x("x1")} ${y("y1")}L${x("x2")} ${y("y2")}`;
    case "rect":
      return rectData({
        ...{ x: x("x"), y: y("y"), width: x("width"), height: y("height") },
        ...radii(),
      });
    case "circle": {
      const r = length("r", diagonal);
      return ellipseData(x("cx"), y("cy"), { rx: r, ry: r });
    }
    case "ellipse":
      return ellipseData(x("cx"), y("cy"), radii());
    default: // polyline, polygon
      return attributes.points ? `M${attributes.points}${name === "polygon" ? "z" : ""}` : "";
  }
}

/** An ellipse; nothing without two radii above 0. */
function ellipseData(cx: number, cy: number, { rx, ry }: { rx: number; ry: number }): string {
  if (!(rx > 0 && ry > 0)) return "";
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

/**
 * A rectangle whose corners may be rounded, by at most half of each side; nothing without two sides
 * above 0.
 */
function rectData(
  { x, y, width, height, ...radii }: Record<
    "x" | "y" | "width" | "height" | "rx" | "ry",
    number
  >,
): string {
  if (!(width > 0 && height > 0)) return "";
  const rx = Math.min(radii.rx, width / 2), ry = Math.min(radii.ry, height / 2);
  if (!(rx > 0 && ry > 0)) return `M${x} ${y}h${width}v${height}h${-width}z`;
  const across = width - 2 * rx, down = height - 2 * ry;
  const arc = (toX: number, toY: number) => `a${rx} ${ry} 0 0 1 ${toX} ${toY}`;
  return `M${x + rx} ${y}h${across}${arc(rx, ry)}v${down}${arc(-rx, ry)}` +
    `h${-across}${arc(-rx, -ry)}v${-down}${arc(rx, -ry)}z`;
}
