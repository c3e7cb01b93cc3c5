/** `--sched`: per-resolution overrides of the automatic plan. */
import type { ResolutionPlan } from "../schedule.ts";
import { readNumber } from "./read_number.ts";

/** An entry of `--sched`; absent parts are automatic. */
export type Override = { resolution: number } & Partial<Omit<ResolutionPlan, "resolution">>;

/**
 * Parses an entry such as "64:16:0.0015", "64:16", "64::0.002" or "64:16:0.0015:60000:100000";
 * numbers may end in k or M.
 * @throws RangeError where it is not an entry, or the resolution is not a power of two
 */
export function parseOverride(text: string): Override {
  const parts = text.split(":");
  const wrong = (what: string) =>
    new RangeError(
      `Cannot read --sched: expected RES:BATCH:RATE:FADE:STABILIZE with ${what}, received ` +
        `"${text}". ` +
        `Commas separate entries. Example: --sched 32:16:0.0015,64:8`,
    );
  if (parts.length < 2 || parts.length > 5) throw wrong("two to five parts");
  const at = (i: number, name: string, whole: boolean, minimum: number): number | undefined => {
    const part = parts[i];
    if (part === undefined || part === "") return undefined;
    const value = readNumber(part);
    if (Number.isNaN(value)) throw wrong(`a number as ${name}`);
    if (value < minimum || (whole && !Number.isSafeInteger(value))) {
      throw wrong(`a ${whole ? "whole " : ""}number of at least ${minimum} as ${name}`);
    }
    return value;
  };
  const resolution = at(0, "RES", true, 4);
  if (resolution === undefined) throw wrong("a resolution");
  if (Math.log2(resolution) % 1 !== 0) throw wrong("a power of two as RES");
  const batchSize = at(1, "BATCH", true, 1), learningRate = at(2, "RATE", false, 1e-8);
  const fadeImages = at(3, "FADE", true, 0), stabilizeImages = at(4, "STABILIZE", true, 0);
  return {
    resolution,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(fadeImages === undefined ? {} : { fadeImages }),
    ...(stabilizeImages === undefined ? {} : { stabilizeImages }),
  };
}

/** Formats an entry for {@linkcode parseOverride}. */
export function formatOverride(override: Override): string {
  const { resolution, batchSize, learningRate, fadeImages, stabilizeImages } = override;
  const parts = [resolution, batchSize, learningRate, fadeImages, stabilizeImages];
  while (parts.length > 2 && parts.at(-1) === undefined) parts.pop();
  return parts.map((part) => part ?? "").join(":");
}

/**
 * Normalizes entries as in a resolved configuration, sorted by resolution and without k and M, to
 * compare them with older ones.
 * @throws RangeError where an entry is invalid
 */
export function normalizedOverrides(texts: readonly string[]): string[] {
  return texts.map(parseOverride).sort((a, b) => a.resolution - b.resolution).map(formatOverride);
}

/**
 * Checks entries written for this very run; those of presets may contain other resolutions.
 * @throws RangeError for a resolution that the run does not have, or a fade of its first one
 */
export function checkUsed(
  texts: readonly string[],
  run: { startResolution: number; resolution: number },
): void {
  const { startResolution: first, resolution: last } = run;
  for (const text of texts) {
    const { resolution, fadeImages = 0 } = parseOverride(text);
    if (resolution < first || resolution > last) {
      throw new RangeError(
        `Cannot use --sched ${text}: expected a resolution of the run, ${first} to ${last}, ` +
          `received ${resolution}. ` +
          `--resolution and --start-resolution change them`,
      );
    }
    if (resolution === first && fadeImages > 0) {
      throw new RangeError(
        `Cannot use --sched ${text}: expected no fade at ${first} px, with which the run ` +
          `starts, received ${fadeImages} images`,
      );
    }
  }
}
