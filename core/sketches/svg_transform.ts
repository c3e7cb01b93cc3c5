/** Normalizes transforms of SVG's attribute and of CSS to one syntax. */
import { lengthOf } from "./svg_length.ts";

/** No drawing program writes longer transforms. */
const MAX_CHARACTERS = 10_000;
const FUNCTION = /\s*([a-z]+)\s*\(([^()]*)\)[\s,]*/iy;
const NUMBER = /\s*,?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)\s*/iy;
const DEGREES: Readonly<Record<string, number>> = {
  "": 1,
  deg: 1,
  rad: 180 / Math.PI,
  grad: 0.9,
  turn: 360,
};

/**
 * A list of transforms with plain numbers, such as "translate(10 0) rotate(90)".
 * @returns "" if it is invalid, as viewers treat it, or relative to the element's own size
 */
export function plainTransform(text: string): string {
  const all: string[] = [];
  if (text.length > MAX_CHARACTERS) return "";
  for (let at = 0, end = text.trimEnd().length; at < end;) {
    FUNCTION.lastIndex = at;
    const [found, name = "", given = ""] = FUNCTION.exec(text) ?? [];
    const plain = found === undefined ? undefined : plainFunction(name.toLowerCase(), given);
    if (plain === undefined) return "";
    all.push(plain);
    at += found!.length; // there is one
  }
  return all.join(" ");
}

function plainFunction(name: string, given: string): string | undefined {
  const values = valuesOf(given);
  if (!values || values.length === 0) return undefined;
  const [first, second] = values, of = (...numbers: number[]) => numbers.join(" ");
  const lengths = () => values.map(({ text }) => lengthOf(text, NaN));
  const angle = ({ text, number, unit }: Value) => number * (DEGREES[unit] ?? lengthOf(text, NaN));
  const is = (...counts: number[]) => counts.includes(values.length);
  let plain: [name: string, numbers: number[]] | undefined;
  if (name === "matrix" && is(6)) plain = [name, lengths()];
  else if (name === "translate" && is(1, 2)) plain = [name, lengths()];
  else if (name === "translatex" && is(1)) plain = ["translate", [lengths()[0]!, 0]];
  else if (name === "translatey" && is(1)) plain = ["translate", [0, lengths()[0]!]];
  else if (name === "scale" && is(1, 2)) plain = [name, lengths()];
  else if (name === "scalex" && is(1)) plain = ["scale", [lengths()[0]!, 1]];
  else if (name === "scaley" && is(1)) plain = ["scale", [1, lengths()[0]!]];
  else if (name === "rotate" && is(1, 3)) plain = [name, [angle(first!), ...lengths().slice(1)]];
  else if (name === "skewx" && is(1)) plain = ["skewX", [angle(first!)]];
  else if (name === "skewy" && is(1)) plain = ["skewY", [angle(first!)]];
  else if (name === "skew" && is(1, 2)) {
    const tan = (value: Value | undefined) => value ? Math.tan(angle(value) * Math.PI / 180) : 0;
    plain = ["matrix", [1, tan(second), tan(first), 1, 0, 0]];
  }
  if (!plain || plain[1].some(Number.isNaN)) return undefined;
  return `${plain[0]}(${of(...plain[1])})`;
}

interface Value {
  /** As written. */
  text: string;
  number: number;
  unit: string;
}

function valuesOf(given: string): Value[] | undefined {
  const values: Value[] = [];
  for (let at = 0; at < given.length;) {
    NUMBER.lastIndex = at;
    const [found, number = "", unit = ""] = NUMBER.exec(given) ?? [];
    if (found === undefined) return undefined;
    values.push({ text: number + unit, number: Number(number), unit: unit.toLowerCase() });
    at += found.length;
  }
  return values;
}
