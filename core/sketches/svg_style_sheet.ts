/** Evaluates an SVG's `<style>` elements. */
import { DrawingError } from "./drawing.ts";
import { type Declaration, declarationsOf, PROPERTIES } from "./svg_paint.ts";
import { matches, readSelectors, type Selector, type StyledElement } from "./svg_selector.ts";

/** Limit on comparisons of elements with parts of selectors; real drawings need some thousands. */
const MAX_WORK = 10_000_000;

interface Rule {
  selector: Selector;
  rank: number;
  declared: readonly [property: string, declaration: Declaration][];
}

/** Rules for {@linkcode PROPERTIES}. */
export class StyleSheet {
  /**
   * By the most specific feature that their elements must have: "#id", ".class", "name", or "*".
   */
  #rules = new Map<string, Rule[]>();
  #work = 0;

  /** @param css CSS Syntax Level 3, in part: rules outside of blocks such as `@media` */
  constructor(css: string) {
    const rules: Omit<Rule, "rank">[] = [];
    for (const { selectors, block } of rulesOf(withoutComments(css))) {
      const declared = [...declarationsOf(block)].filter(([name]) => PROPERTIES.has(name));
      if (declared.length === 0) continue;
      for (const selector of readSelectors(selectors)) rules.push({ selector, declared });
    }
    // the sort is stable: of equally specific rules, the last one wins
    rules.sort((a, b) => a.selector.specificity - b.selector.specificity);
    for (const [rank, rule] of rules.entries()) {
      const key = keyOf(rule.selector), there = this.#rules.get(key);
      if (there) there.push({ ...rule, rank });
      else this.#rules.set(key, [{ ...rule, rank }]);
    }
  }

  /**
   * The declarations that apply to an element.
   * @param pathOf returns its ancestors, the outermost first, and the element itself
   * @throws DrawingError if that takes too long
   */
  styleOf(pathOf: () => readonly StyledElement[]): ReadonlyMap<string, Declaration> {
    const won = new Map<string, Declaration & { rank: number }>();
    if (this.#rules.size === 0) return won;
    const path = pathOf(), element = path.at(-1);
    if (!element) return won;
    const { name, id, classes } = element;
    for (const key of ["*", name, ...classes.values().map((one) => `.${one}`), `#${id ?? ""}`]) {
      for (const { selector, rank, declared } of this.#rules.get(key) ?? []) {
        this.#work += path.length * selector.length;
        if (this.#work > MAX_WORK) throw new DrawingError("an SVG with too many style rules");
        if (!matches(selector, path)) continue;
        for (const [property, declaration] of declared) {
          const { isImportant = false, rank: before = -1 } = won.get(property) ?? {};
          const counts = declaration.isImportant === isImportant
            ? rank > before
            : declaration.isImportant;
          if (counts) won.set(property, { ...declaration, rank });
        }
      }
    }
    return won;
  }
}

function keyOf({ compounds }: Selector): string {
  const { ids: [id], classes: [one], name } = compounds.at(-1)!; // there is one
  return id !== undefined ? `#${id}` : one !== undefined ? `.${one}` : name || "*";
}

/** Removes comments; an unclosed comment extends to the end. */
function withoutComments(css: string): string {
  const [first = "", ...others] = css.split("/*");
  return first + others.map((part) => {
    const end = part.indexOf("*/");
    return end < 0 ? "" : " " + part.slice(end + 2);
  }).join("");
}

/** The rules in order; at-rules are skipped with their blocks. */
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
