/**
 * The periods over which the learning rate decays: the whole schedule, unless `decayPeriods` gives
 * others.
 */
import { readNumber } from "./read_number.ts";

/** A period, in images seen. */
export interface DecayPeriod {
  from: number;
  /** The end of the decay. */
  to: number;
}

/**
 * Parses periods such as "0:100k".
 * @throws RangeError where a text is not a period, or the periods are not in ascending order
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

/** Formats a period for {@linkcode decayPeriods}. */
export function formatPeriod({ from, to }: DecayPeriod): string {
  return `${from}:${to}`;
}
