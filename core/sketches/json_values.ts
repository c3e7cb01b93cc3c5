/**
 * The values of a text one by one: lines, elements of one array, or values that go over several
 * lines.
 */

/** A longer value is no drawing. */
export const MAX_VALUE = 4 * 2 ** 20; // bytes

/** A piece of a text that may be JSON. */
export interface TextValue {
  /** Of the line, or of the element, from 1. */
  number: number;
  /** Undefined where it is longer than {@linkcode MAX_VALUE}. */
  text: string | undefined;
}

const code = (character: string) => character.charCodeAt(0);
const [NEWLINE, QUOTE, BACKSLASH] = ["\n", '"', "\\"].map(code);
const OPEN = new Set(["[", "{"].map(code)), CLOSE = new Set(["]", "}"].map(code));
const BETWEEN = new Set([" ", "\t", "\r", "\n", ","].map(code));

/**
 * Values of a text. An array of drawings gives its elements, what is written over several lines is
 * joined, and all else goes by its lines, so that one that is damaged spoils no other.
 * @param bytes UTF-8
 */
export function* textValues(bytes: Uint8Array): Generator<TextValue> {
  const start = skip(bytes, 0);
  const head = text(bytes, start, start + 200).replace(/\s/g, "");
  if (/^\[(\{|\[\[\[)/.test(head)) yield* elements(bytes, start + 1);
  else if (/^[[{]/.test(head) && goesOverLines(bytes, start)) yield* elements(bytes, start);
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

/** Values with white space or commas between them, up to the end or a bracket that closes. */
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

/** Whether the first line is no JSON, but is with lines that follow. */
function goesOverLines(bytes: Uint8Array, start: number): boolean {
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

/** Where the value that begins at `from` ends; `limit` where it does not close before. */
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
