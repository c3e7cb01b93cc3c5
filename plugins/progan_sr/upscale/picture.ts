/** A picture to enlarge, with all that must survive it. */
import type { Pixels } from "./tiles.ts";

/** One frame, upright. */
export interface Frame {
  /** Grey or RGB, in the file's own colour profile. */
  color: Pixels;
  /** One channel; absent where all is opaque. */
  opacity?: Pixels | undefined;
}

/** Formats that are written. */
export type OutputFormat = "png" | "jpeg" | "webp" | "tiff" | "avif" | "gif";

/** A decoded picture. */
export interface Picture {
  /** One, or all of an animation or a document, of one size. */
  frames: Frame[];
  /**
   * Where the metadata come from when a single frame is written: a file with as many bits, grey or
   * RGB.
   */
  source: Uint8Array;
  format: OutputFormat;
  /** Whether the file keeps each pixel as it was, in a format that need not. */
  isLossless: boolean;
  /**
   * Of frames: how long each stays, seconds as numerator and denominator, and how often they are
   * played.
   */
  animation?: { delays: [number, number][]; loop: number };
  /** Px an inch in print, where the file says so. */
  density?: number | undefined;
  /** What the file has and the result will not. */
  losses: string[];
  /** What was passed over in reading the file. */
  notes: string[];
}
