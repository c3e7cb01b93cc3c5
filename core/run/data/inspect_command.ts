/** The command that lists what a data set leaves out. */
import type { DatasetInfo, ImageChannels } from "../../data.ts";
import { shellWord } from "../shell_word.ts";

/** How the data was opened. */
export interface InspectPlace {
  resolution: number; // px a side
  fit: string;
  background: string;
  channels: ImageChannels;
  skipSmaller: boolean;
  /** The folder of the cache, where it is not the usual one. */
  cache: string | undefined;
}

/** What `data inspect` takes where nothing is said. */
export const INSPECT_DEFAULTS = {
  kind: "images",
  resolution: 64, // px a side
  fit: "cover",
  background: "#ffffff",
} as const;

/**
 * The `data inspect` that lists every file skipped of the same data, out of the same cache; it can
 * be pasted.
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
  if (kind === "images") { // sketches have no cache and are drawn in any size
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
