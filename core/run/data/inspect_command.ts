/** The command that lists all files that a data set skips. */
import type { DatasetInfo, ImageChannels } from "../../data.ts";
import { shellWord } from "../shell_word.ts";

/** How the data was opened. */
export interface InspectPlace {
  resolution: number; // px a side
  fit: string;
  background: string;
  channels: ImageChannels;
  skipSmaller: boolean;
  /** The cache folder, where it is not the default. */
  cache: string | undefined;
}

/** Defaults of `data inspect`. */
export const INSPECT_DEFAULTS = {
  kind: "images",
  resolution: 64, // px a side
  fit: "cover",
  background: "#ffffff",
} as const;

/**
 * The `data inspect` command that lists every skipped file of the same data, using the same cache;
 * ready to paste.
 * @param info the opened data
 */
export function inspectCommand(
  { kind, source }: Pick<DatasetInfo, "kind" | "source">,
  place: InspectPlace,
): string {
  const { resolution, fit, background, cache } = place;
  const words = ["deno task data inspect", shellWord(source)];
  const add = (flag: string, value: string | number, usual: string | number) => {
    if (value !== usual) words.push(`--${flag}`, shellWord(String(value)));
  };
  add("kind", kind, INSPECT_DEFAULTS.kind);
  if (kind === "images") { // sketches are not cached, and rasterized at any size
    add("resolution", resolution, INSPECT_DEFAULTS.resolution);
    add("fit", fit, INSPECT_DEFAULTS.fit);
    add("background", background, INSPECT_DEFAULTS.background);
    if (place.channels === 1) words.push("--grey");
    if (place.channels === 4) words.push("--transparent");
    if (place.skipSmaller) words.push("--skip-smaller");
    if (cache !== undefined) words.push("--cache", shellWord(cache));
  }
  return [...words, "--all"].join(" ");
}
