/**
 * What an SVG's document type declares, put in its place: entities of the file itself, within
 * bounds. Nothing is ever loaded.
 */
import { DrawingError } from "./drawing.ts";

/** What references may become in all, characters; drawing programs declare some addresses. */
const MAX_EXPANDED = 1_000_000;
const MAX_ENTITIES = 1000, MAX_NESTED = 8;

const PREDEFINED = new Set(["amp", "lt", "gt", "quot", "apos"]);

/**
 * Takes the document type away and replaces references to its entities.
 * @returns XML without a document type
 * @throws DrawingError for an entity of another file, and where entities grow too large
 */
export function resolveDoctype(text: string): string {
  const { from, to } = doctypeAt(text) ?? {};
  if (from === undefined || to === undefined) return text;
  const rest = text.slice(0, from) + text.slice(to), entities = entitiesOf(text.slice(from, to));
  if (entities.size === 0) return rest;
  let expanded = 0;
  const expand = (part: string, depth: number): string => {
    if (depth > MAX_NESTED) throw new DrawingError("an SVG whose entities refer to each other");
    return part.replace(/&([A-Za-z_:][\w:.-]*);/g, (reference, name: string) => {
      const value = PREDEFINED.has(name) ? undefined : entities.get(name);
      if (value === undefined) return reference; // whether it is one is for the parser to tell
      if (value === null) throw new DrawingError("an SVG that uses an entity of another file");
      expanded += value.length;
      if (expanded > MAX_EXPANDED) throw new DrawingError("an SVG whose entities grow too large");
      return expand(value, depth + 1);
    });
  };
  return expand(rest, 0);
}

/** Where the document type is: after nothing but white space, comments and instructions. */
function doctypeAt(text: string): { from: number; to: number } | undefined {
  let from = 0;
  for (;;) {
    while (from < text.length && /[\s\ufeff]/.test(text[from]!)) from++;
    const end = text.startsWith("<?", from) ? "?>" : text.startsWith("<!--", from) ? "-->" : "";
    if (end === "") break;
    const at = text.indexOf(end, from + 2);
    if (at < 0) return undefined; // damaged, as the parser will say
    from = at + end.length;
  }
  if (!/^<!doctype/i.test(text.slice(from, from + 9))) return undefined;
  return { from, to: endOfDoctype(text, from) };
}

/** After its ">", which may stand in quotes, comments and the brackets of its own declarations. */
function endOfDoctype(text: string, from: number): number {
  const marks = /["'<>[\]]/g;
  marks.lastIndex = from + 1;
  let isInside = false, depth = 1;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const { 0: character, index } = mark;
    if (character === "[") isInside = true;
    else if (character === "]") isInside = false;
    else if (character === ">") {
      if (--depth === 0 && !isInside) return index + 1;
    } else {
      const isComment = text.startsWith("<!--", index);
      if (character === "<" && !isComment) depth++;
      else marks.lastIndex = skipTo(text, isComment ? "-->" : character, index + 1);
    }
  }
  throw new DrawingError("damaged: a document type without an end");
}

function skipTo(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  if (at < 0) throw new DrawingError("damaged: a document type without an end");
  return at + end.length;
}

/**
 * By name; null for those of another file. The first declaration counts; entities of the
 * declarations themselves are left out.
 */
function entitiesOf(doctype: string): Map<string, string | null> {
  const entities = new Map<string, string | null>();
  const declarations = doctype.replace(/<!--[^]*?-->/g, "").matchAll(
    /<!ENTITY\s+([A-Za-z_:][\w:.-]*)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\s)/g,
  );
  for (const [, name = "", double, single, outside] of declarations) {
    if (entities.size === MAX_ENTITIES) throw new DrawingError("an SVG of too many entities");
    if (!entities.has(name)) {
      entities.set(name, outside ? null : inAttribute(double ?? single ?? ""));
    }
  }
  return entities;
}

/**
 * Quotes of a value do not end the attribute that it stands in; a value with elements stands in
 * none.
 */
function inAttribute(value: string): string {
  return value.includes("<") ? value : value.replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}
