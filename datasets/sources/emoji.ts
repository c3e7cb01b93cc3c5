/**
 * Microsoft's Fluent emoji in 3D (MIT), 256 px, RGBA: the default images, available from npm
 * without an account.
 */
import { basename, join } from "node:path";
import metadata from "emoji.json" with { type: "json" };
import { ConfigError } from "../../core/config/config_layer.ts";
import { closest } from "../../core/text.ts";
import { folderSource } from "./folder.ts";
import { packageFolder, packageRevision } from "./npm_package.ts";
import type { Source, SourceFile } from "./source.ts";

/** Unicode's groups, and the names used here. */
const CATEGORIES: Record<string, string> = {
  "Smileys & Emotion": "smileys",
  "People & Body": "people",
  "Animals & Nature": "animals",
  "Food & Drink": "food",
  "Travel & Places": "travel",
  Activities: "activities",
  Objects: "objects",
  Symbols: "symbols",
  Flags: "flags",
  Component: "people", // the four hair styles
};

/** Pictures of things; symbols and flags are mostly flat squares. */
const DEFAULT = ["smileys", "people", "animals", "food", "travel", "activities", "objects"];

const SUBSETS = [...new Set(Object.values(CATEGORIES)), "faces", "all"];

/** Skin tones; variation selector, joiner and genders; person, man and woman. */
const SKIN = /^1f3f[b-f]$/, JOIN = /^(fe0f|200d|2640|2642)$/, PERSON = /^1f(9d1|468|469)$/;

/** Groups of two people, by their sequence. */
const PAIRS: Record<string, string> = {
  "1f9d1-2764-1f48b-1f9d1": "1f48f", // kiss
  "1f9d1-2764-1f9d1": "1f491", // couple with heart
  "1f9d1-1f91d-1f9d1": "1f46b", // people holding hands
  "1f46c": "1f46b", // men
  "1f46d": "1f46b", // women
};

/** Unicode's data of an emoji. */
interface EmojiEntry {
  codes: string;
  name: string;
  group: string;
  subgroup: string;
}

/**
 * The subsets named in "emoji", "emoji:food,animals", "emoji:faces" or "emoji:all".
 * @returns category names, sorted
 * @throws ConfigError for an unknown name
 */
export function parseSubsets(text: string): string[] {
  const [, list] = text.split(/:(.*)/s);
  if (list === undefined) return [...DEFAULT].sort();
  const names = list.split(",").map((name) => name.trim()).filter(Boolean);
  for (const name of names) {
    if (SUBSETS.includes(name)) continue;
    const near = closest(name, SUBSETS);
    throw new ConfigError(
      `Cannot select emoji: expected some of ${SUBSETS.join(", ")}, received "${name}"` +
        (near ? `. Did you mean ${near}?` : ""),
    );
  }
  if (names.length === 0) return [...DEFAULT].sort();
  return [...new Set(names)].sort();
}

/**
 * The group of variants to which an emoji belongs: skin tones, and a role's person, man and woman,
 * form one group.
 * @param codes code points in lower-case hexadecimal, joined by "-", e.g. "1f468-1f3fb-200d-1f3eb"
 */
export function emojiGroup(codes: string): string {
  const bare = codes.split("-").filter((code) => !SKIN.test(code) && !JOIN.test(code));
  const rest = bare.filter((code) => !PERSON.test(code));
  return rest.length > 0 ? rest.join("-") : "person";
}

/**
 * Like {@linkcode emojiGroup}, for emoji in all skin tones: two people are one character or a
 * sequence of two, and both are in the same group.
 */
export function emojiGroupInTones(codes: string): string {
  const bare = codes.split("-").filter((code) => !SKIN.test(code) && !JOIN.test(code));
  return PAIRS[bare.map((code) => code.replace(PERSON, "1f9d1")).join("-")] ??
    emojiGroup(codes);
}

/**
 * Opens the Fluent emoji in 3D.
 * @param text "emoji" or "emoji:SUBSET,SUBSET"; "all" adds symbols, flags and skin tones
 */
export async function emojiSource(text: string): Promise<Source> {
  const subsets = parseSubsets(text);
  const root = await packageFolder("fluent-emoji");
  const folder = await folderSource(join(root, "assets"), text);
  const entries = new Map(
    (metadata as EmojiEntry[]).map((entry) => [bareCodes(entry.codes), entry]),
  );
  // the other subsets have no skin tones
  const groupOf = subsets.includes("all") ? emojiGroupInTones : emojiGroup;
  const files: SourceFile[] = [];
  for (const file of folder.files) {
    const codes = basename(file.path, ".webp"), entry = entries.get(bareCodes(codes));
    // emoji that Unicode 16 does not list are private ones
    const label = CATEGORIES[entry?.group ?? ""] ?? "symbols";
    if (!isWanted(subsets, codes, label, entry?.subgroup ?? "")) continue;
    files.push({ ...file, modified: 0, group: groupOf(codes), label });
  }
  const isDefault = subsets.join() === [...DEFAULT].sort().join();
  const name = isDefault ? "emoji" : `emoji-${subsets.join("-")}`.slice(0, 40);
  return { ...folder, name, files, revision: await packageRevision(root, "assets") };
}

/**
 * Code points without the variation selector, which file names and Unicode's list treat
 * differently.
 */
function bareCodes(codes: string): string {
  return codes.toLowerCase().split(/[\s_-]+/).filter((code) => code !== "fe0f").join("-");
}

function isWanted(subsets: string[], codes: string, label: string, subgroup: string): boolean {
  if (subsets.includes("all")) return true;
  if (codes.split("-").some((code) => SKIN.test(code))) return false;
  return subsets.includes(label) || (subsets.includes("faces") && /face/.test(subgroup));
}
