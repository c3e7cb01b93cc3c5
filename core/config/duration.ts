/** Durations as written in options. */
import { readNumber } from "./read_number.ts";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Whether {@linkcode secondsOf} can parse a text. */
export function isDuration(text: string): boolean {
  return Number.isFinite(read(text));
}

/**
 * Parses a duration such as "90s", "60m", "1.5h", "2d" or "0".
 * @returns seconds
 * @throws SyntaxError where it is not a duration
 */
export function secondsOf(text: string): number {
  const seconds = read(text);
  if (Number.isFinite(seconds)) return seconds;
  throw new SyntaxError(
    `Cannot read a duration: expected a number with s, m, h or d, such as 90s or 60m, ` +
      `received "${text}"`,
  );
}

/**
 * Seconds; NaN where the text is not a duration, Infinity where it is too long. The number takes no
 * suffix k or M, unlike elsewhere.
 */
function read(text: string): number {
  if (text === "0") return 0;
  const [, number, unit] = /^([\d.]|[\d.].*[\d.])([smhd])$/.exec(text) ?? [];
  if (number === undefined) return NaN;
  return readNumber(number) * SECONDS[unit as keyof typeof SECONDS]; // by the pattern
}
