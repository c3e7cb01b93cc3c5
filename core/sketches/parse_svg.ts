/** SVG drawings by a whitelist: shapes and groups only, nothing that reaches outside the file. */
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { type Drawing, DrawingError, fitToSquare, MAX_POINTS, type SketchPart } from "./drawing.ts";
import { flattenPath } from "./flatten_path.ts";
import { isSeen, type Paint, paintOf } from "./svg_paint.ts";
import { type StyledElement, styledElement } from "./svg_selector.ts";
import { type StyleSheet, styleSheetOf } from "./svg_style_sheet.ts";
import { nestedViewport, outermostViewport, type Viewport } from "./svg_viewport.ts";

const SHAPES = ["path", "line", "circle", "ellipse", "rect", "polyline", "polygon"];
/** Looked into. */
const GROUPS = ["svg", "g", "a"];
/** Passed over with all they hold, as is every name with a prefix, such as Inkscape's: none draws by itself. */
const IGNORED = ["title", "desc", "metadata", "defs", "style", "clipPath"];
/** What a style sheet fetches: anything but `url(#…)` and `url(data:…)`. */
const REACHES_OUTSIDE = /@import|url\(\s*(?:["']\s*)?(?!data:)[^#"'\s]/i;

const MAX_CHARACTERS = 1_000_000, MAX_PARTS = 512, MAX_DEPTH = 32;

/** An element that is open. */
interface Element extends StyledElement {
  /** The innermost first. */
  transforms: string[];
  /** Not drawn, with all that it holds. */
  ignored: boolean;
  paint: Paint;
  /** Of the nearest <svg>. */
  viewport: Viewport;
}

/**
 * Reads one SVG; each visible shape is a part, drawn as its outline.
 * @param label class of every part, "" for none
 * @param onDot called for each subpath of one point, which is left out
 * @throws DrawingError with the reason where it can't be drawn
 */
export function parseSvg(
  text: string,
  path: string,
  { label = "", ...told }: { label?: string; onDot?: () => void } = {},
): Drawing {
  if (text.length > MAX_CHARACTERS) throw new DrawingError("an SVG of more than 1 MB");
  const shapes: number[][][] = [];
  const stack: Element[] = [], sheet = styleSheetOf(text);
  let failure: Error | undefined, points = 0;
  const parser = new SaxesParser();
  const fail = (error: Error) => failure ??= error;
  parser.on("error", (error) => fail(new DrawingError(`damaged: ${error.message}`)));
  parser.on(
    "doctype",
    () => fail(new DrawingError("an SVG with a document type: entities are refused")),
  );
  const open = (tag: SaxesTagPlain) => {
    const element = elementOf(tag, stack, sheet);
    const { name, transforms, ignored, paint } = element;
    stack.push(element);
    if (stack.length > MAX_DEPTH) throw new DrawingError("an SVG nested too deep");
    if (ignored || GROUPS.includes(name)) return;
    if (!SHAPES.includes(name)) {
      throw new DrawingError(`an SVG with <${name}>: only shapes are drawn`);
    }
    if (!isSeen(paint)) return;
    const lines = flattenPath(pathData(name, tag.attributes), transforms, told);
    points += lines.reduce((sum, line) => sum + line.length / 2, 0);
    if (lines.length > 0) shapes.push(lines);
    if (points > MAX_POINTS) throw new DrawingError(`more than ${MAX_POINTS} points`);
    if (shapes.length > MAX_PARTS) throw new DrawingError(`more than ${MAX_PARTS} shapes`);
  };
  parser.on("opentag", (tag: SaxesTagPlain) => {
    if (failure) return;
    try {
      open(tag);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  const onText = (css: string) => {
    if (stack.at(-1)?.name === "style" && REACHES_OUTSIDE.test(css)) {
      fail(new DrawingError("an SVG with a style sheet that reaches outside"));
    }
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    stack.pop();
  });
  parser.write(text).close();
  if (failure) throw failure;
  if (shapes.length === 0) throw new DrawingError("an empty drawing");
  const parts: SketchPart[] = shapes.map((lines) => ({
    label,
    lines: lines.map((line) => Float32Array.from(line)),
  }));
  fitToSquare(parts.flatMap(({ lines }) => lines));
  return { path, group: path, parts, ordered: false };
}

function elementOf(
  tag: SaxesTagPlain,
  stack: readonly Element[],
  sheet: StyleSheet,
): Element {
  const { attributes } = tag, name = tag.name.replace(/^svg:/, ""), above = stack.at(-1);
  const styled = styledElement(name, attributes), styles = sheet.styleOf([...stack, styled]);
  const { paint, isDrawn } = paintOf(attributes, above?.paint, styles);
  const transforms = [
    ...(attributes.transform ? [attributes.transform] : []),
    ...(above?.transforms ?? []),
  ];
  const ignored = (above?.ignored ?? false) || !isDrawn || IGNORED.includes(name) ||
    name.includes(":");
  const viewport = above?.viewport ?? outermostViewport(attributes);
  const element = { ...styled, transforms, ignored, paint, viewport };
  if (name !== "svg" || above === undefined || ignored) return element;
  const nested = nestedViewport(attributes, viewport);
  if (!nested) return { ...element, ignored: true };
  return { ...element, transforms: [nested.transform, ...transforms], viewport: nested.inside };
}

/** A shape as path data (SVG 1.1, 9: "Basic shapes"). */
function pathData(name: string, attributes: Record<string, string>): string {
  const number = (key: string, initial = 0) => {
    const value = attributes[key] === undefined ? initial : Number.parseFloat(attributes[key]);
    if (!Number.isFinite(value)) throw new DrawingError(`a <${name}> whose ${key} is no number`);
    return value;
  };
  switch (name) {
    case "path":
      return attributes.d ?? "";
    case "line":
      return `M${number("x1")} ${number("y1")}L${number("x2")} ${number("y2")}`;
    case "rect": {
      const [x, y, width, height] = [number("x"), number("y"), number("width"), number("height")];
      return `M${x} ${y}h${width}v${height}h${-width}z`; // corners stay square
    }
    case "circle":
    case "ellipse": {
      const [x, y] = [number("cx"), number("cy")];
      const rx = number(name === "circle" ? "r" : "rx"),
        ry = number(name === "circle" ? "r" : "ry");
      return `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
    }
    default: // polyline, polygon
      return attributes.points ? `M${attributes.points}${name === "polygon" ? "z" : ""}` : "";
  }
}
