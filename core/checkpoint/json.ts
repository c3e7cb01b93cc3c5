/**
 * Strict JSON: hashed data has a single representation, and parsed data has no hidden or repeated
 * keys.
 */
import { messageOf } from "../text.ts";

/** Plain data that JSON represents without loss. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** Deepest nesting of arrays and objects that is written and read. */
export const MAX_JSON_DEPTH = 32;

/**
 * The canonical representation of plain data: keys sorted by UTF-16 code unit, no spaces,
 * `undefined` properties omitted.
 * @param value data that JSON can represent; numbers are finite, objects are plain
 * @param path how errors name the value
 * @throws TypeError naming the path of what JSON would lose (NaN, a hole in an array, a function,
 * `__proto__` …) or {@linkcode parseStrictJson} would refuse (deeper nesting)
 */
export function canonicalJson(value: unknown, path = "value", depth = 0): string {
  const refuse = (received: string) =>
    new TypeError(`Cannot store ${path}: expected plain JSON data, received ${received}`);
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refuse(String(value));
    return JSON.stringify(value);
  }
  if (typeof value !== "object") throw refuse(typeof value);
  if (depth >= MAX_JSON_DEPTH) throw refuse(`more than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, i) => { // map() would skip holes
      if (!(i in value)) throw refuse(`no element ${i}`);
      return canonicalJson(item, `${path}[${i}]`, depth + 1);
    });
    return `[${items.join(",")}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refuse(`a ${prototype.constructor?.name ?? "class instance"}`);
  }
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) {
    if (key === "__proto__") throw refuse("a key __proto__");
    if (field === undefined) continue;
    fields.push(`${JSON.stringify(key)}:${canonicalJson(field, `${path}.${key}`, depth + 1)}`);
  }
  return `{${fields.join(",")}}`;
}

/**
 * Parses untrusted JSON; a byte order mark, which some editors write, is skipped.
 * @throws SyntaxError if it is malformed, nested deeper than 32, repeats a key or has `__proto__`
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError("Cannot parse JSON: expected UTF-8, received other bytes", { cause });
  }
  scan(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot parse JSON: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Refuses excessive depth, repeated keys and `__proto__` before anything is built; JSON.parse
 * checks the rest.
 */
function scan(text: string): void {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for an array
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const start = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
      const keys = open.at(-1);
      if (!expectsKey || !keys) continue;
      expectsKey = false;
      const key = keyOf(text.slice(start, i + 1));
      if (key === undefined) return; // JSON.parse refuses it, and tells where it is
      if (key === "__proto__") {
        throw new SyntaxError("Cannot parse JSON: expected ordinary keys, received __proto__");
      }
      if (keys.has(key)) {
        throw new SyntaxError(
          `Cannot parse JSON: expected each key once, received ${JSON.stringify(key)} twice`,
        );
      }
      keys.add(key);
    } else if (c === "{" || c === "[") {
      expectsKey = c === "{";
      if (open.push(expectsKey ? new Set() : null) > MAX_JSON_DEPTH) {
        throw new SyntaxError(
          `Cannot parse JSON: expected at most ${MAX_JSON_DEPTH} levels, received more`,
        );
      }
    } else if (c === "}" || c === "]") {
      open.pop();
      expectsKey = false;
    } else if (c === ",") {
      expectsKey = open.at(-1) instanceof Set;
    }
  }
}

function keyOf(token: string): string | undefined {
  try {
    return String(JSON.parse(token));
  } catch {
    return undefined;
  }
}
