/**
 * Replaces the entities that an SVG's document type declares, within limits. Nothing is ever
 * loaded.
 */
import { DrawingError } from "./drawing.ts";

/** Most characters that references expand to; drawing programs declare some namespace URLs. */
const MAX_EXPANDED = 1_000_000;
const MAX_ENTITIES = 1000, MAX_NESTED = 8;

const PREDEFINED = new Set(["amp", "lt", "gt", "quot", "apos"]);

/**
 * Removes the document type and replaces references to its entities.
 * @returns XML without a document type
 * @throws DrawingError for an external entity, or if entities expand to too much
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
      if (value === undefined) return reference; // the parser reports unknown references
      if (value === null) throw new DrawingError("an SVG that uses an entity of another file");
      expanded += value.length;
      if (expanded > MAX_EXPANDED) throw new DrawingError("an SVG whose entities grow too large");
      return expand(value, depth + 1);
    });
  };
  return expand(rest, 0);
}

/** The range of the document type; only white space, comments and instructions may precede it. */
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

/** The index after its ">"; one may also occur in quotes, comments and its own declarations. */
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
 * Entities by name; null for external ones. The first declaration counts; parameter entities are
 * ignored.
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
 * Escapes quotes, which must not end the attribute that contains the value; a value with elements
 * is never in an attribute.
 */
function inAttribute(value: string): string {
  return value.includes("<") ? value : value.replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}
