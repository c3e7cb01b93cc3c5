/**
 * CSS selectors as far as drawings need them: names, ids, classes and `*`, with descendant and
 * child combinators.
 */
import { parse, type Selector as Token } from "css-what";

/** What selectors see of an element. */
export interface StyledElement {
  /** Without a namespace prefix. */
  name: string;
  id: string | undefined;
  classes: ReadonlySet<string>;
}

/** A parsed selector. */
export interface Selector {
  /** One per element, the outermost ancestor first; the last one applies to the element itself. */
  compounds: readonly Compound[];
  /** The higher one wins (Selectors Level 4, 15): ids before classes before names. */
  specificity: number;
  length: number;
}

/** The conditions on one element. */
export interface Compound {
  /** "" matches any name. */
  name: string;
  ids: readonly string[];
  classes: readonly string[];
  /** Whether the element must be a direct child of the previous compound's element. */
  isChild: boolean;
}

/**
 * Parses a list of selectors; those with other features, such as states, positions and siblings,
 * are ignored.
 * @returns an empty list if one of them is invalid, as CSS requires
 */
export function readSelectors(text: string): Selector[] {
  let lists: Token[][];
  try {
    lists = parse(text);
  } catch {
    return [];
  }
  return lists.map(readSelector).filter((selector) => selector !== undefined);
}

/** Whether the selector matches the last element of a path. */
export function matches(
  { compounds: [first, ...others] }: Selector,
  path: readonly StyledElement[],
): boolean {
  if (!first || !matchesCompound(path.at(-1), others.at(-1) ?? first)) return false;
  if (others.length === 0) return true;
  /** Which elements of the path can match the current compound. */
  let found = path.map((element) => matchesCompound(element, first));
  for (const compound of others) {
    const outermost = found.indexOf(true);
    if (outermost < 0) return false;
    found = path.map((element, depth) => {
      const isInside = compound.isChild ? found[depth - 1] === true : outermost < depth;
      return isInside && matchesCompound(element, compound);
    });
  }
  return found.at(-1) ?? false;
}

/** @param name without a namespace prefix */
export function styledElement(
  name: string,
  attributes: Readonly<Record<string, string>>,
): StyledElement {
  const classes = attributes.class?.split(/\s+/).filter(Boolean);
  return { name, id: attributes.id, classes: new Set(classes) };
}

function matchesCompound(
  element: StyledElement | undefined,
  { name, ids, classes }: Compound,
): boolean {
  if (!element || (name !== "" && name !== element.name)) return false;
  return ids.every((id) => id === element.id) && classes.every((one) => element.classes.has(one));
}

function readSelector(tokens: readonly Token[]): Selector | undefined {
  const compounds: (Compound & { ids: string[]; classes: string[] })[] = [];
  let isStart = true, isChild = false;
  for (const token of tokens) {
    if (token.type === "descendant" || token.type === "child") {
      if (isStart) return undefined;
      [isStart, isChild] = [true, token.type === "child"];
      continue;
    }
    if (isStart) compounds.push({ name: "", ids: [], classes: [], isChild });
    isStart = false;
    const compound = compounds.at(-1)!; // pushed above
    if (token.type === "tag" && token.namespace === null) compound.name = token.name;
    // "#a" or ".a", not "[…]"
    else if (token.type === "attribute" && token.ignoreCase === "quirks") {
      (token.name === "id" ? compound.ids : compound.classes).push(token.value);
    } else if (token.type !== "universal" || token.namespace !== null) return undefined;
  }
  if (isStart) return undefined;
  return { compounds, specificity: specificityOf(compounds), length: tokens.length };
}

function specificityOf(compounds: readonly Compound[]): number {
  const sum = (count: (compound: Compound) => number) =>
    Math.min(2 ** 16 - 1, compounds.reduce((total, compound) => total + count(compound), 0));
  return sum(({ ids }) => ids.length) * 2 ** 32 +
    sum(({ classes }) => classes.length) * 2 ** 16 +
    sum(({ name }) => name === "" ? 0 : 1);
}
