/** Expands names of shards in shell syntax: `{0000..0999}` and `{train,val}`. */
import { ConfigError } from "../../../core/config/config_layer.ts";

/** Most shards of one source. */
const MAX_SHARDS = 100_000;

/**
 * Expands ranges of numbers, padded to the width of the first one, and lists, from left to right.
 * @throws ConfigError for unbalanced braces, a descending range, or too many names
 */
export function expandBraces(text: string): string[] {
  const open = text.indexOf("{"), close = closing(text, open);
  if (open < 0) {
    if (text.includes("}")) throw refused(text, `a "{" before each "}"`);
    return [text];
  }
  if (close < 0) throw refused(text, `a "}" after each "{"`);
  const [before, inside] = [text.slice(0, open), text.slice(open + 1, close)];
  const ends = expandBraces(text.slice(close + 1));
  const names = alternatives(inside, text)
    .flatMap((part) => ends.map((end) => before + part + end));
  if (names.length > MAX_SHARDS) throw refused(text, `at most ${MAX_SHARDS} shards`);
  return names;
}

/** The end of the braces that start at `open`; -1 if there is none. */
function closing(text: string, open: number): number {
  for (let at = open, depth = 0; at >= 0 && at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function alternatives(inside: string, text: string): string[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(inside) ?? [];
  if (from !== undefined && to !== undefined) {
    const first = Number(from), count = Number(to) - first + 1;
    if (count < 1) throw refused(text, "ranges from the smaller number to the larger");
    if (count > MAX_SHARDS) throw refused(text, `at most ${MAX_SHARDS} shards`);
    return Array.from(
      { length: count },
      (_, i) => String(first + i).padStart(from.length, "0"),
    );
  }
  const parts = splitList(inside);
  if (parts.length < 2) throw refused(text, "a range {0..9} or a list {a,b} in braces");
  return parts.flatMap(expandBraces);
}

/** Splits at commas outside of nested braces. */
function splitList(inside: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of inside) {
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function refused(text: string, expected: string): ConfigError {
  return new ConfigError(
    `Cannot read the names of shards: expected ${expected}, received "${text}"`,
  );
}
