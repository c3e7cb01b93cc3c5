/** Parses lengths into SVG's user units (CSS Values Level 4, 6: 96 per inch). */

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  px: 1,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  q: 96 / 101.6,
  in: 96,
  pt: 96 / 72,
  pc: 96 / 6,
  rem: 16,
};

const LENGTH = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%|[a-z]*)\s*$/i;

/** The default font size in user units. */
export const FONT_SIZE = 16;

/**
 * @param whole the value of 100 %; NaN if it is not known
 * @param fontSize in user units
 * @returns NaN if the text is not a length
 */
export function lengthOf(text: string, whole: number, fontSize = FONT_SIZE): number {
  const [, number = "", unit = ""] = LENGTH.exec(text) ?? [], value = Number(number);
  if (number === "") return NaN;
  const name = unit.toLowerCase();
  if (name === "%") return value / 100 * whole;
  if (name === "em") return value * fontSize;
  if (name === "ex" || name === "ch") return value * fontSize / 2;
  return value * (UNITS[name] ?? NaN);
}
