/** Extracts the visible shapes of an SVG as lines. */
import { DrawingError, expectFewParts, MAX_POINTS } from "./drawing.ts";
import { flattenPath } from "./flatten_path.ts";
import { FONT_SIZE, lengthOf } from "./svg_length.ts";
import { hasMarkers, isStroked, isVisible, type Paint, paintOf } from "./svg_paint.ts";
import { pathData, SHAPES } from "./svg_shape.ts";
import { StyleSheet } from "./svg_style_sheet.ts";
import { plainTransform } from "./svg_transform.ts";
import { parseTree, pathOf, type SvgElement, type SvgTree } from "./svg_tree.ts";
import { nestedViewport, outermostViewport, type SvgBox, type Viewport } from "./svg_viewport.ts";

/** The visible content of an SVG. */
export interface SvgShapes {
  /** Lines of each shape in user units: alternating x and y. */
  shapes: number[][][];
  /** The visible area; sides are NaN if the file does not specify them. */
  box: SvgBox;
}

/** Elements whose children are visited. */
const GROUPS = new Set(["svg", "g", "a"]);
/** Visible elements that are not lines, and their names in messages. */
const NO_LINES: Readonly<Record<string, string>> = {
  text: "text",
  image: "a picture",
  foreignObject: "foreign content",
  flowRoot: "text",
};
/**
 * Limits on the visited elements and on the characters read of them, counted as often as they are
 * used.
 */
const MAX_VISITED = 100_000, MAX_READ = 20_000_000, MAX_USED = 16, MAX_NESTED = 200;

/** What an element inherits from its ancestors. */
interface Inherited {
  transforms: readonly string[];
  paint: Paint | undefined;
  /** Viewport of the nearest <svg>. */
  viewport: Viewport;
  fontSize: number;
  depth: number;
  /** The chain of elements that are being used. */
  used: readonly SvgElement[];
}

/**
 * Extracts the outlines of shapes, taking into account groups, `use`, `symbol`, `switch` and style
 * sheets. Elements that draw no line are skipped; nothing is loaded.
 * @param told.onDot called for each subpath of one point, which is dropped
 * @param told.onLeftOut called once for each kind of visible content that is not a line
 * @throws DrawingError with the reason if it can't be drawn
 */
export function shapesOfSvg(
  text: string,
  told: { onDot?: () => void; onLeftOut?: (what: string) => void } = {},
): SvgShapes {
  const tree = parseTree(text), { box, transform } = outermostViewport(tree.root.attributes);
  const walk = new Walk(tree, box, told);
  if (/@import/i.test(tree.css)) walk.leaveOut("a style sheet of another file");
  walk.visit(tree.root, {
    ...{ transforms: transform ? [transform] : [], paint: undefined, viewport: box },
    ...{ fontSize: FONT_SIZE, depth: 0, used: [] },
  });
  return { shapes: walk.shapes, box };
}

class Walk {
  readonly shapes: number[][][] = [];
  #sheet: StyleSheet;
  #leftOut = new Set<string>();
  #visited = 0;
  #points = 0;
  #read = 0;

  constructor(
    readonly tree: SvgTree,
    readonly box: SvgBox,
    readonly told: { onDot?: () => void; onLeftOut?: (what: string) => void },
  ) {
    this.#sheet = new StyleSheet(tree.css);
  }

  leaveOut(what: string): void {
    if (this.#leftOut.has(what)) return;
    this.#leftOut.add(what);
    this.told.onLeftOut?.(`${what}, left out of its drawing`);
  }

  /** @param own attributes that replace the element's, if it is used */
  visit(element: SvgElement, above: Inherited, own = element.attributes): void {
    if (++this.#visited > MAX_VISITED) throw new DrawingError(`more than ${MAX_VISITED} elements`);
    const { style = "", class: classes = "", transform: moves = "" } = element.attributes;
    this.#spend(style.length + classes.length + moves.length);
    if (above.depth > MAX_NESTED) throw new DrawingError("an SVG nested too deep");
    const { name } = element, noLines = NO_LINES[name];
    const isGroup = GROUPS.has(name) || name === "switch" || name === "use" || name === "symbol";
    if (!isGroup && !SHAPES.has(name) && noLines === undefined) return;
    if (element.attributes.requiredExtensions?.trim()) return; // such as Illustrator's own form
    const { paint, isDrawn, transform } = paintOf(
      element.attributes,
      above.paint,
      this.#sheet.styleOf(() => pathOf(element)),
    );
    if (!isDrawn) return;
    const fontSize = fontSizeOf(paint, above);
    const plain = plainTransform(transform);
    const within: Inherited = {
      ...above,
      paint: { ...paint, "font-size": `${fontSize}px` },
      fontSize,
      transforms: plain === "" ? above.transforms : [plain, ...above.transforms],
      depth: above.depth + 1,
    };
    if (noLines !== undefined) {
      if (isVisible(paint)) this.leaveOut(noLines);
    } else if (SHAPES.has(name)) this.#draw(element, within, paint);
    else if (name === "use") this.#use(element, within);
    else this.#group(element, within, own);
  }

  #group(element: SvgElement, above: Inherited, own: SvgElement["attributes"]): void {
    const { name, parent, children } = element;
    let within = above;
    if (name === "symbol" || name === "svg" && parent) {
      const nested = nestedViewport(own, above.viewport, above.fontSize);
      if (!nested) return;
      const transforms = [nested.transform, ...above.transforms];
      within = { ...above, transforms, viewport: nested.inside };
    }
    const shown = name === "switch" ? children.filter(applies).slice(0, 1) : children;
    // A symbol is only drawn where it is used.
    for (const child of shown) if (child.name !== "symbol") this.visit(child, within);
  }

  #use(element: SvgElement, above: Inherited): void {
    const { attributes } = element;
    const reference = attributes.href ?? attributes["xlink:href"] ?? "";
    const [file, id = ""] = reference.trim().split("#");
    if (file !== "") return this.leaveOut("what another file draws");
    const target = this.tree.byId.get(decoded(id));
    if (!target) return id === "" ? undefined : this.leaveOut("what the file refers to but lacks");
    const isInside = above.used.includes(target) || pathOf(element).includes(target);
    if (isInside) return this.leaveOut("what is used within itself");
    if (above.used.length === MAX_USED) throw new DrawingError("an SVG nested too deep");
    const { width, height } = above.viewport, { fontSize } = above;
    const x = lengthOf(attributes.x || "0", width, fontSize);
    const y = lengthOf(attributes.y || "0", height, fontSize);
    if (!Number.isFinite(x + y)) throw new DrawingError("a <use> whose place is not known");
    const sides = {
      ...(attributes.width && { width: attributes.width }),
      ...(attributes.height && { height: attributes.height }),
    };
    const place = x === 0 && y === 0 ? [] : [`translate(${x} ${y})`];
    this.visit(target, {
      ...above,
      transforms: [...place, ...above.transforms],
      used: [...above.used, target],
    }, { ...target.attributes, ...sides });
  }

  #draw({ name, attributes }: SvgElement, { transforms, ...of }: Inherited, paint: Paint): void {
    if (!isVisible(paint)) return;
    const data = pathData(name, attributes, of);
    const lines = flattenPath(data, transforms, this.told);
    // paths are slower to parse
    this.#spend(transforms.reduce((sum, { length }) => sum + length, 8 * data.length));
    if (!isStroked(paint) && isBackground(lines, this.box)) return this.leaveOut("a background");
    if (hasMarkers(paint) && /^(path|line|poly)/.test(name)) this.leaveOut("arrowheads");
    this.#points += lines.reduce((sum, line) => sum + line.length / 2, 0);
    if (lines.length > 0) this.shapes.push(lines);
    if (this.#points > MAX_POINTS) throw new DrawingError(`more than ${MAX_POINTS} points`);
    expectFewParts(this.shapes);
  }

  #spend(characters: number): void {
    this.#read += characters;
    if (this.#read > MAX_READ) throw new DrawingError("an SVG that repeats too much");
  }
}

/** An element's font size may be relative to its parent's. */
function fontSizeOf(paint: Paint, { fontSize }: Inherited): number {
  const own = lengthOf(paint["font-size"], fontSize, fontSize);
  return own > 0 && own < 1e6 ? own : fontSize;
}

/**
 * Whether a `switch` would choose this child: English if it depends on the language; foreign
 * content can't be drawn.
 */
function applies({ name, attributes }: SvgElement): boolean {
  const { systemLanguage, requiredExtensions = "" } = attributes;
  return name !== "" && name !== "foreignObject" && requiredExtensions.trim() === "" &&
    (systemLanguage === undefined || /(^|,)\s*en(-|\s*,|\s*$)/i.test(systemLanguage));
}

/** Whether the lines are a filled rectangle that covers the visible area. */
function isBackground(lines: readonly number[][], { left, top, width, height }: SvgBox): boolean {
  const [line] = lines, slack = 0.01 * Math.max(width, height);
  if (!line || lines.length > 1 || line.length > 20 || !(slack > 0)) return false;
  const xs = line.filter((_, i) => i % 2 === 0), ys = line.filter((_, i) => i % 2 === 1);
  const box = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [x0, x1, y0, y1] = box as [number, number, number, number]; // four
  const covers = x0 <= left + slack && x1 >= left + width - slack && y0 <= top + slack &&
    y1 >= top + height - slack;
  const near = (a: number, b: number) => Math.abs(a - b) <= slack;
  return covers && xs.every((x) => near(x, x0) || near(x, x1)) &&
    ys.every((y) => near(y, y0) || near(y, y1));
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
