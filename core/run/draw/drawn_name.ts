/** Names that tell drawn pictures apart where none was given. */
import { sha256 } from "../../sha256.ts";
import type { Source } from "../latent/styled_images.ts";

/** Bytes of UTF-8 of a stem: with a checkpoint's number and the rest it fits file systems. */
const MOST_BYTES = 150;

/**
 * A name that people read, and a short digest in it where the picture depends on more than that
 * tells: two pictures have one name only if they are drawn alike.
 * @param stem such as "sample-0-63"; cut where it is long
 * @param ending such as "-psi0.7-ema.png"
 * @param untold what neither of them tells; undefined where it is as usual
 */
export function drawnName(
  stem: string,
  ending: string,
  untold: Readonly<Record<string, unknown>> = {},
): string {
  const short = cut(stem), rest = JSON.stringify(untold);
  if (short === stem && rest === "{}") return stem + ending;
  return `${short}-${sha256(stem + rest).slice(0, 6)}${ending}`;
}

/**
 * "0-63", "7", "1-605x8": first, last, and how many where that doesn't say it; names without their
 * "@".
 */
export function namedSeeds(seeds: readonly Source[]): string {
  const first = seeds[0]!, last = seeds.at(-1)!; // a list of seeds has one at least
  const [from, to] = [first, last].map((one) => String(one).replace("@", ""));
  if (seeds.length === 1) return from!; // two words
  const span = typeof first === "number" && typeof last === "number" ? last - first + 1 : 0;
  return `${from}-${to}` + (span === seeds.length ? "" : `x${seeds.length}`);
}

/** Seeds that {@linkcode namedSeeds} doesn't tell; names in a list could be read in two ways. */
export function untoldSeeds(seeds: readonly Source[]): readonly Source[] | undefined {
  const [first] = seeds;
  const isTold = seeds.length === 1 ||
    (seeds.length === 2 && seeds.every((seed) => typeof seed === "number")) ||
    seeds.every((seed, i) => seed === Number(first) + i);
  return isTold ? undefined : seeds;
}

/**
 * A name for each image's own file, "seed0007" or that of its picture. A seed that comes again, as
 * with other labels, is numbered: no image takes the place of another.
 */
export function imageNames(seeds: readonly Source[]): string[] {
  const plain = seeds.map((seed) =>
    typeof seed === "number" ? `seed${String(seed).padStart(4, "0")}` : seed.slice(1)
  );
  const taken = new Set<string>();
  return plain.map((name) => {
    let free = name;
    // a number that makes the name of another image of the list is passed over
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
