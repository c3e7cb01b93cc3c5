/** Lengths of time as options spell them. */
import { readNumber } from "./read_number.ts";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Whether {@linkcode secondsOf} reads a text. */
export function isDuration(text: string): boolean {
  return Number.isFinite(read(text));
}

/** Seconds of a text such as "90s", "60m", "1.5h" or "2d"; "0" is none. */
export function secondsOf(text: string): number {
  const seconds = read(text);
  if (Number.isFinite(seconds)) return seconds;
  throw new SyntaxError(
    `Cannot read a duration: expected a number with s, m, h or d, such as 90s or 60m, ` +
      `received "${text}"`,
  );
}

/** NaN, or Infinity where it is too long, for what is none; k and M are no part of the number. */
function read(text: string): number {
  if (text === "0") return 0;
  const [, number, unit] = /^([\d.]|[\d.].*[\d.])([smhd])$/.exec(text) ?? [];
  if (number === undefined) return NaN;
  return readNumber(number) * SECONDS[unit as keyof typeof SECONDS]; // by the pattern
}
