/** Small helpers for messages. */

/** The word nearest to `word` by edit distance, if near enough for `word` to be a typo. */
export function closest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined, least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const d = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length]!;
}

/** A count with its noun: `counted(1, "tile")` is "1 tile", `counted(3, "tile")` "3 tiles". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Rounds to `count` significant digits: 1,234 to 3 digits is 1230. */
export function digits(x: number, count: number): number {
  return Number(x.toPrecision(count));
}

/** The type of a value for messages: `typeof`, except for null and arrays. */
export function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * C0 and C1 control characters, except tab and newline, and characters that change the direction of
 * text.
 */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Escapes control characters, e.g. as `\x1b`, so that a terminal shows them instead of obeying
 * them: file names and files may contain escape sequences.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** Like {@linkcode printable}, on one line: an entry of a list can't pose as several. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
}

/** JSON of a value on one line, with all control characters escaped. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    CONTROLS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
