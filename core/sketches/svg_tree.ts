/** Parses an SVG into a tree of elements, within limits. */
import { SaxesParser } from "saxes";
import { DrawingError } from "./drawing.ts";
import { resolveDoctype } from "./svg_entities.ts";
import { type StyledElement, styledElement } from "./svg_selector.ts";

export interface SvgElement extends StyledElement {
  /**
   * Without a namespace prefix; "" for elements that are not SVG's, such as a drawing program's
   * own.
   */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: SvgElement[];
  parent: SvgElement | undefined;
  text: string;
}

/** A whole document. */
export interface SvgTree {
  root: SvgElement;
  byId: ReadonlyMap<string, SvgElement>;
  /** All style sheets that apply to a screen. */
  css: string;
}

const MAX_CHARACTERS = 8_000_000, MAX_ELEMENTS = 100_000, MAX_DEPTH = 100;
const SVG = "http://www.w3.org/2000/svg";

/** @throws DrawingError with the reason if it is not an SVG, damaged or too large */
export function parseTree(text: string): SvgTree {
  if (text.length > MAX_CHARACTERS) throw new DrawingError("an SVG of more than 8 MB");
  const parser = new SaxesParser(), byId = new Map<string, SvgElement>(), css: string[] = [];
  const stack: (SvgElement & { spaces: Spaces })[] = [];
  let root: SvgElement | undefined, count = 0;
  parser.on("error", (error) => {
    throw new DrawingError(`damaged: ${error.message}`);
  });
  parser.on("opentag", ({ name: full, attributes }) => {
    const above = stack.at(-1), spaces = spacesOf(attributes, above?.spaces);
    const name = above?.name === "" ? "" : nameOf(full, spaces, root === undefined);
    if (!root && name !== "svg") {
      throw new DrawingError(`<${full.slice(0, 40)}>, not an SVG`);
    }
    if (++count > MAX_ELEMENTS) throw new DrawingError(`more than ${MAX_ELEMENTS} elements`);
    if (stack.length >= MAX_DEPTH) throw new DrawingError("an SVG nested too deep");
    const element: SvgElement = {
      ...styledElement(name, attributes),
      ...{ attributes, children: [], parent: above, text: "" },
    };
    above?.children.push(element);
    root ??= element;
    if (element.id !== undefined && !byId.has(element.id)) byId.set(element.id, element);
    stack.push(Object.assign(element, { spaces }));
  });
  parser.on("closetag", () => {
    const element = stack.pop();
    if (element?.name === "style" && isForScreen(element.attributes)) css.push(element.text);
  });
  const onText = (part: string) => {
    const element = stack.at(-1);
    if (element?.name === "style") element.text += part;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.write(resolveDoctype(text)).close();
  if (!root) throw new DrawingError("damaged: no element");
  return { root, byId, css: css.join("\n") };
}

/** The ancestors of an element, the outermost first, and the element itself. */
export function pathOf(element: SvgElement): SvgElement[] {
  const path: SvgElement[] = [];
  for (let one: SvgElement | undefined = element; one; one = one.parent) path.push(one);
  return path.reverse();
}

/** Namespaces by prefix; "" is the default. */
type Spaces = Readonly<Record<string, string>>;

function spacesOf(attributes: Readonly<Record<string, string>>, above: Spaces = {}): Spaces {
  let spaces: Record<string, string> | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    const [first, prefix = "", ...rest] = name.split(":");
    if (first !== "xmlns" || rest.length > 0) continue;
    spaces ??= { ...above };
    spaces[prefix] = value.trim();
  }
  return spaces ?? above;
}

/**
 * The name of an SVG element. The root's own namespace counts as SVG's, whatever it is, as does the
 * prefix "svg".
 */
function nameOf(full: string, spaces: Spaces, isRoot: boolean): string {
  const at = full.indexOf(":"), prefix = full.slice(0, Math.max(0, at)), name = full.slice(at + 1);
  const space = spaces[prefix] ?? "";
  if (isRoot && prefix === "") return name;
  const isSvg = space === SVG || prefix === "svg" ||
    prefix === "" && (space === "" || /^http:\/\/www\.w3\.org\/.*svg/i.test(space));
  return isSvg ? name : "";
}

function isForScreen({ media = "", type = "" }: Readonly<Record<string, string>>): boolean {
  return /^\s*(all|screen)?\s*$/i.test(media) && /^\s*(text\/css)?\s*$/i.test(type);
}
