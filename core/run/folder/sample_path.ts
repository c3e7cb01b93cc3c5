/** How sample grids are named. */
import type { Phase } from "../../schedule.ts";
import { padImages } from "../../checkpoint/paths.ts";

/** What a sample grid's name tells. */
export interface SampleName {
  imagesSeen: number;
  /** Pixels a side of a cell. */
  resolution: number;
  /** Whether the resolution was fading in. */
  phaseKind: Phase["kind"];
  /** Default "ema". */
  weights?: "ema" | "live";
  /** Default "png". */
  extension?: string;
}

/**
 * A sample grid's path relative to the run folder. Names sort by images seen, and differ wherever
 * any field does.
 * @returns e.g. "samples/000120000-0032px-fade.png", "samples/000120000-0032px-fade-live.png"
 */
export function samplePath(
  { imagesSeen, resolution, phaseKind, weights = "ema", extension = "png" }: SampleName,
): string {
  const pixels = String(resolution).padStart(4, "0");
  const live = weights === "live" ? "-live" : "";
  return `samples/${padImages(imagesSeen)}-${pixels}px-${phaseKind}${live}.${extension}`;
}

/** Cells of a grid are at least this many pixels a side, so that 4 px samples can be seen. */
const SMALLEST_CELL = 32;

/** How many pixels of a grid's cell, a side, one pixel of what was drawn becomes. */
export function cellScale(resolution: number): number {
  return Math.max(1, Math.ceil(SMALLEST_CELL / resolution));
}

/** The inverse of {@linkcode samplePath}; null for any other path. */
export function readSamplePath(path: string): Required<SampleName> | null {
  const match = /^samples\/(\d{9,15})-(\d{4,6})px-(fade|stabilize)(-live)?\.([a-z0-9]+)$/.exec(
    path,
  );
  if (!match) return null;
  const [, imagesSeen, resolution, phaseKind, live, extension] = match;
  return {
    imagesSeen: Number(imagesSeen),
    resolution: Number(resolution),
    phaseKind: phaseKind as Phase["kind"], // one of the two that the pattern takes
    weights: live ? "live" : "ema",
    extension: extension!, // the pattern has it
  };
}
