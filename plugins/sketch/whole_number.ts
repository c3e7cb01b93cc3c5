/**
 * Reads a flag of a command.
 * @throws RangeError unless it is a whole number within the bounds, both inclusive
 */
export function wholeNumber(
  flag: string,
  text: string | boolean,
  { action, least, most }: { action: string; least: number; most: number },
): number {
  const value = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(
    `Cannot ${action}: expected ${flag} to be a whole number ${least} … ${most}, received "${text}"`,
  );
}
