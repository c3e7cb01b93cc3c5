/** Names of sample grids. */
import type { Phase } from "../../schedule.ts";
import { padImages } from "../../checkpoint/paths.ts";

/** The facts in a sample grid's name. */
export interface SampleName {
  imagesSeen: number;
  /** Resolution of the samples, px a side. */
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

/** Minimum size of a grid's cell, px a side, so that 4 px samples are visible. */
const SMALLEST_CELL = 32;

/** The factor by which samples are enlarged in grids. */
export function sampleScale(resolution: number): number {
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
    phaseKind: phaseKind as Phase["kind"], // the pattern accepts only these two
    weights: live ? "live" : "ema",
    extension: extension!, // required by the pattern
  };
}
