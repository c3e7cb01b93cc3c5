/**
 * Parses "64", ".5", "1e-3" or "1_000", with a suffix k or M for thousands or millions; NaN where
 * the text is not a number, or not finite.
 */
export function readNumber(text: string): number {
  const match = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kM]?)$/i.exec(text.replaceAll("_", ""));
  if (!match) return NaN;
  const scale = { k: 1e3, m: 1e6 }[match[2]!.toLowerCase()] ?? 1;
  const value = Number((Number(match[1]) * scale).toPrecision(15));
  return Number.isFinite(value) ? value : NaN;
}
