/** Default file names of drawn pictures, unique to what they show. */
import { sha256 } from "../../sha256.ts";
import type { Source } from "../latent/styled_images.ts";

/**
 * Maximum length of a stem, bytes of UTF-8: with the checkpoint's number and the rest, the name
 * fits file systems' limits.
 */
const MOST_BYTES = 150;

/**
 * A readable name, with a short digest where the picture depends on more than the name says: two
 * pictures get the same name only if they are drawn with the same options.
 * @param stem such as "sample-0-63"; cut where it is too long
 * @param ending such as "-psi0.7-ema.png"
 * @param notInName options that neither of them shows; undefined for defaults
 */
export function drawnName(
  stem: string,
  ending: string,
  notInName: Readonly<Record<string, unknown>> = {},
): string {
  const short = cut(stem), rest = JSON.stringify(notInName);
  if (short === stem && rest === "{}") return stem + ending;
  return `${short}-${sha256(stem + rest).slice(0, 6)}${ending}`;
}

/**
 * Summarizes seeds as "0-63", "7" or "1-605x8": first, last, and their number where it doesn't
 * follow; names without their "@".
 */
export function namedSeeds(seeds: readonly Source[]): string {
  const first = seeds[0]!, last = seeds.at(-1)!; // at least one seed
  const [from, to] = [first, last].map((one) => String(one).replace("@", ""));
  if (seeds.length === 1) return from!; // defined: one seed
  const span = typeof first === "number" && typeof last === "number" ? last - first + 1 : 0;
  return `${from}-${to}` + (span === seeds.length ? "" : `x${seeds.length}`);
}

/**
 * The seeds, where {@linkcode namedSeeds} does not determine them; lists with names are ambiguous.
 */
export function seedsNotInName(seeds: readonly Source[]): readonly Source[] | undefined {
  const [first] = seeds;
  const isTold = seeds.length === 1 ||
    (seeds.length === 2 && seeds.every((seed) => typeof seed === "number")) ||
    seeds.every((seed, i) => seed === Number(first) + i);
  return isTold ? undefined : seeds;
}

/**
 * A file name for each image, "seed0007" or the projected picture's name. Repeated seeds, e.g. with
 * different labels, are numbered, so that no image overwrites another.
 */
export function imageNames(seeds: readonly Source[]): string[] {
  const plain = seeds.map((seed) =>
    typeof seed === "number" ? `seed${String(seed).padStart(4, "0")}` : seed.slice(1)
  );
  const taken = new Set<string>();
  return plain.map((name) => {
    let free = name;
    // skip numbers that would collide with another image's own name
    for (let n = 2; taken.has(free) || (free !== name && plain.includes(free)); n++) {
      free = `${name}-${n}`;
    }
    taken.add(free);
    return free;
  });
}

function cut(text: string): string {
  const bytes = (part: string) => new TextEncoder().encode(part).length;
  let short = "", length = 0;
  for (const character of text) {
    length += bytes(character);
    if (length > MOST_BYTES) return short;
    short += character;
  }
  return text;
}
