/**
 * Splits a text into JSON values: lines, elements of one array, or values that span several lines.
 */

/** Longer values are not drawings. */
export const MAX_VALUE = 4 * 2 ** 20; // bytes

/** A part of a text that may be JSON. */
export interface TextValue {
  /** Number of the line, or of the element, from 1. */
  number: number;
  /** Undefined if it is longer than {@linkcode MAX_VALUE}. */
  text: string | undefined;
}

const code = (character: string) => character.charCodeAt(0);
const [NEWLINE, QUOTE, BACKSLASH] = ["\n", '"', "\\"].map(code);
const OPEN = new Set(["[", "{"].map(code)), CLOSE = new Set(["]", "}"].map(code));
const BETWEEN = new Set([" ", "\t", "\r", "\n", ","].map(code));

/**
 * The values of a text. An array of drawings yields its elements, values that span several lines
 * are joined, and anything else is split into lines, so that a damaged line does not affect others.
 * @param bytes UTF-8
 */
export function* textValues(bytes: Uint8Array): Generator<TextValue> {
  const start = skip(bytes, 0);
  const head = text(bytes, start, start + 200).replace(/\s/g, "");
  if (/^\[(\{|\[\[\[)/.test(head)) yield* elements(bytes, start + 1);
  else if (/^[[{]/.test(head) && spansLines(bytes, start)) yield* elements(bytes, start);
  else yield* lines(bytes);
}

function* lines(bytes: Uint8Array): Generator<TextValue> {
  for (let from = 0, number = 1; from < bytes.length; number++) {
    const end = bytes.indexOf(NEWLINE!, from), to = end < 0 ? bytes.length : end;
    if (to - from > MAX_VALUE) yield { number, text: undefined };
    else {
      const line = text(bytes, from, to);
      if (line.trim() !== "") yield { number, text: line };
    }
    from = to + 1;
  }
}

/** Values separated by white space or commas, up to the end or a closing bracket. */
function* elements(bytes: Uint8Array, from: number): Generator<TextValue> {
  for (let number = 1;; number++) {
    from = skip(bytes, from);
    if (from >= bytes.length || CLOSE.has(bytes[from]!)) return;
    const to = endOfValue(bytes, from, bytes.length);
    const isTooLong = to - from > MAX_VALUE;
    yield { number, text: isTooLong ? undefined : text(bytes, from, to) };
    from = to;
  }
}

/** Whether the first line is not JSON on its own, but is together with the following lines. */
function spansLines(bytes: Uint8Array, start: number): boolean {
  const newline = bytes.indexOf(NEWLINE!, start);
  if (newline < 0) return false;
  const to = endOfValue(bytes, start, Math.min(bytes.length, start + MAX_VALUE));
  return to > newline && isJson(text(bytes, start, to));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The end of the value that starts at `from`; `limit` if it is not closed before. */
function endOfValue(bytes: Uint8Array, from: number, limit: number): number {
  let depth = 0, isString = false;
  for (let i = from; i < limit; i++) {
    const byte = bytes[i]!;
    if (isString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isString = false;
    } else if (byte === QUOTE) isString = true;
    else if (OPEN.has(byte)) depth++;
    else if (CLOSE.has(byte)) {
      depth--;
      if (depth <= 0) return depth < 0 ? i : i + 1;
    } else if (depth === 0 && BETWEEN.has(byte)) return i;
  }
  return limit;
}

function skip(bytes: Uint8Array, from: number): number {
  while (from < bytes.length && BETWEEN.has(bytes[from]!)) from++;
  return from;
}

const decoder = new TextDecoder();
const text = (bytes: Uint8Array, from: number, to: number) =>
  decoder.decode(bytes.subarray(from, to));
