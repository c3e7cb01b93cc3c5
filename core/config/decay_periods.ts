/**
 * Periods over each of which the learning rate falls: the schedule, unless `decayPeriods` says
 * others.
 */
import { readNumber } from "./read_number.ts";

/** A period in images. */
export interface DecayPeriod {
  from: number;
  /** The image at which the rate has fallen. */
  to: number;
}

/**
 * Reads texts such as "0:100k".
 * @throws RangeError where one is none, ends before it begins, or begins before the one before it
 */
export function decayPeriods(texts: readonly string[]): DecayPeriod[] {
  const periods = texts.map((text) => {
    const [from, to, ...more] = text.split(":").map(readNumber);
    if (from === undefined || to === undefined || more.length > 0 || !(from < to)) {
      throw new RangeError(
        `Cannot read --decay-periods: expected FIRST:LAST in images, such as 0:100k, received ` +
          `"${text}"`,
      );
    }
    return { from, to };
  });
  const late = periods.findIndex(({ from }, i) => i > 0 && from <= periods[i - 1]!.from);
  if (late < 0) return periods;
  throw new RangeError(
    `Cannot use --decay-periods ${
      texts.join(",")
    }: expected each to begin after the one before, received ${texts[late]}`,
  );
}

/** Writes a period as {@linkcode decayPeriods} reads it. */
export function formatPeriod({ from, to }: DecayPeriod): string {
  return `${from}:${to}`;
}
