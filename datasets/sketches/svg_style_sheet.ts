/** What an SVG's `<style>` elements say of what is seen; selectors of one name, one class or both. */
import { SaxesParser } from "saxes";
import { declarationsOf, PROPERTIES } from "./svg_paint.ts";

/** Declarations by selector: "path", ".st0" or "path.st0". */
export type StyleSheet = ReadonlyMap<string, ReadonlyMap<string, Declaration>>;

interface Declaration {
  value: string;
  /** The highest counts. */
  rank: number;
}

/** A name, a class, or both; others, such as of descendants, are not looked at. */
const SELECTOR = /^(?:[a-z][\w-]*)?(?:\.[a-z_-][\w-]*)?$/i;

/** Above all numbers of rules: a class counts more than a name, whichever is last. */
const CLASS_RANK = 2 ** 32;

/**
 * The style sheets of an SVG, in all of it, as they apply to what comes before them, too.
 * @param text an SVG; what is damaged in it is for others to tell
 */
export function styleSheetOf(text: string): StyleSheet {
  const css: string[] = [];
  if (text.includes("<style") || text.includes(":style")) {
    const parser = new SaxesParser(), isStyle: boolean[] = [];
    const onText = (part: string) => {
      if (isStyle.at(-1)) css.push(part);
    };
    parser.on("error", () => {});
    parser.on("opentag", ({ name, attributes: { media } }) => {
      isStyle.push(/^(svg:)?style$/.test(name) && /^\s*(all|screen)?\s*$/i.test(media ?? ""));
    });
    parser.on("closetag", () => void isStyle.pop());
    parser.on("text", onText);
    parser.on("cdata", onText);
    parser.write(text).close();
  }
  return parseStyleSheet(css.join("\n"));
}

/** Reads CSS (CSS Syntax Level 3, in part): rules outside of blocks such as `@media`, of {@linkcode PROPERTIES}. */
export function parseStyleSheet(css: string): StyleSheet {
  const sheet = new Map<string, Map<string, Declaration>>();
  let order = 0;
  for (const { selectors, block } of rulesOf(withoutComments(css))) {
    const declared = [...declarationsOf(block)].filter(([name, value]) =>
      PROPERTIES.has(name) && value !== ""
    );
    if (declared.length === 0) continue;
    order++;
    for (const selector of selectors.split(",").map((one) => one.trim())) {
      if (selector === "" || !SELECTOR.test(selector)) continue;
      const rank = order + (selector.includes(".") ? CLASS_RANK : 0) +
        (/^[^.]+\./.test(selector) ? CLASS_RANK / 2 : 0);
      const there = sheet.get(selector) ?? new Map<string, Declaration>();
      for (const [name, value] of declared) there.set(name, { value, rank });
      sheet.set(selector, there);
    }
  }
  return sheet;
}

/**
 * What a style sheet declares of an element.
 * @param name without a prefix
 * @param classes its `class` attribute
 */
export function styleOf(
  sheet: StyleSheet,
  { name, classes = "" }: { name: string; classes?: string | undefined },
): Record<string, string> {
  if (sheet.size === 0) return {};
  const won = new Map<string, Declaration>();
  const selectors = classes.split(/\s+/).filter(Boolean).flatMap((one) => [
    `.${one}`,
    `${name}.${one}`,
  ]);
  for (const selector of [name, ...selectors]) {
    for (const [property, declaration] of sheet.get(selector) ?? []) {
      if (declaration.rank > (won.get(property)?.rank ?? 0)) won.set(property, declaration);
    }
  }
  return Object.fromEntries([...won].map(([property, { value }]) => [property, value]));
}

/** Without what is between a comment's marks; where its end is missing, without the rest. */
function withoutComments(css: string): string {
  const [first = "", ...others] = css.split("/*");
  return first + others.map((part) => {
    const end = part.indexOf("*/");
    return end < 0 ? "" : " " + part.slice(end + 2);
  }).join("");
}

/** The rules in order; at-rules are passed over with their blocks. */
function* rulesOf(css: string): Generator<{ selectors: string; block: string }> {
  let start = 0, depth = 0, open = 0;
  for (const { 0: mark, index } of css.matchAll(/[{};]/g)) {
    if (mark === ";") {
      if (depth === 0) start = index + 1; // of `@charset` and such
    } else if (mark === "{") {
      if (depth++ === 0) open = index;
    } else if (depth > 0 && --depth === 0) {
      const selectors = css.slice(start, open).trim();
      if (!selectors.startsWith("@")) yield { selectors, block: css.slice(open + 1, index) };
      start = index + 1;
    }
  }
}
