/** A picture to enlarge, with everything that the result should keep. */
import type { Pixels } from "./tiles.ts";

/** One frame, in upright orientation. */
export interface Frame {
  /** Grey or RGB, in the file's own colour profile. */
  color: Pixels;
  /** One channel; absent where every pixel is opaque. */
  opacity?: Pixels | undefined;
}

/** Formats that can be written. */
export type OutputFormat = "png" | "jpeg" | "webp" | "tiff" | "avif" | "gif";

export interface Picture {
  /** A single frame, or all frames of an animation or pages of a document, of one size. */
  frames: Frame[];
  /** The file whose metadata a single frame inherits: of the same bit depth, grey or RGB. */
  source: Uint8Array;
  format: OutputFormat;
  /** Whether the file is lossless although its format can be lossy. */
  isLossless: boolean;
  /**
   * For several frames: how long each is shown, seconds as numerator and denominator, and how often
   * the animation plays.
   */
  animation?: { delays: [number, number][]; loop: number };
  /** Pixels per inch in print, if the file says so. */
  density?: number | undefined;
  /** What the file has and the result will lose. */
  losses: string[];
  /** What was skipped in reading the file. */
  notes: string[];
}
