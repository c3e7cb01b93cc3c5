/** The contract between the trainer and what feeds it; `datasets/` implements it. */

/** One named array of a batch, on the host. */
export interface HostTensor {
  data: Float32Array | Int32Array;
  /** Sizes, outermost first. */
  shape: number[];
}

/**
 * A batch on the host. Images: `images` [N, R, R, C] in [-1, 1], and `labels` int32 [N] where there
 * are any. Sketches: `partial` and `part` [N, R, R, 1] in [-1, 1] (ink is 1), and `labels` int32
 * [N] of the part's class. With boxes, both are crops to the frame of the part's box, `box` [N, 4]
 * is that box in the drawing's unit square (centre x and y, width, height) and `whole` [N, 32, 32,
 * 1] the partial sketch uncropped. From blank paper on, `last` [N] is 1 where the drawing ends with
 * the part, else 0.
 */
export type HostBatch = Record<string, HostTensor>;

/**
 * Channels of an image: 1 is grey, 3 are RGB, 4 RGB and opacity, where colours are multiplied by
 * the opacity (premultiplied).
 */
export type ImageChannels = 1 | 3 | 4;

/** Kinds of data that a plugin may ask for. */
export type DataKind = "images" | "sketches";

/** How sketches become pairs of a partial drawing and its next part. */
export interface SketchOptions {
  /**
   * "order": each cut of the drawing order, the next part against all before it; "leave-one-out":
   * each part against all others. Default by format: strokes have an order, SVG elements none.
   */
  split?: "order" | "leave-one-out";
  /** Drawings with fewer parts are left out. Default 2; 3 for the default icons. */
  minParts?: number;
  /** Keep drawings that Quick, Draw! did not recognise as what they should be. Default false. */
  unrecognized?: boolean;
  /**
   * Largest turn while training, degrees. Default 15; 0 for the default icons, which are made on a
   * grid.
   */
  rotate?: number;
  /** Largest change of size while training, as a part of 1. Default 0.1. */
  scale?: number;
  /** Largest shift while training, as a part of the side. Default 0.01. */
  shift?: number;
  /** Line width as a part of the side; never below 1 px. Default 1/35. */
  lineWidth?: number;
  /** Partial sketches and parts are crops to the frame of the part's box. Default false. */
  boxes?: boolean;
  /**
   * Pairs of drawings that have an order begin with blank paper and the first part. Default false.
   */
  fromBlank?: boolean;
}

/** A file that was left out, and why. */
export interface SkippedFile {
  /** Inside the source: of a folder or a zip, relative to it. */
  path: string;
  /** Why it can't be used, for people. */
  reason: string;
  /** How many this entry stands for, where files too many to name share one. Default 1. */
  count?: number;
}

/** How many files a list of them tells of. */
export function countSkipped(skipped: readonly SkippedFile[]): number {
  return skipped.reduce((sum, { count = 1 }) => sum + count, 0);
}

/** The class that each picture of a data set was sorted into. */
export interface PictureClasses {
  /** Digest of the data without classes. */
  of: string;
  /** How many classes were asked for, at most. */
  clusters: number;
  /** Classes of the pictures to train on, in the data's own order: numbers with a blank between. */
  train: string;
  /** Those of the pictures that are held out. */
  heldOut: string;
}

/** Facts about a data set: plain data, kept with the run. */
export interface DatasetInfo {
  kind: DataKind;
  /** Short, fit for a folder name, e.g. "emoji". */
  name: string;
  /** Where it came from, as the user gave it. */
  source: string;
  /** SHA-256 (hex) over what the samples depend on. */
  digest: string;
  count: number;
  /** Samples kept from training, for previews and metrics. */
  heldOutCount: number;
  /** Of an image, see {@linkcode ImageChannels}. */
  channels: number;
  /** The largest resolution that was asked for, pixels a side. */
  maxResolution: number;
  /** Class names; empty where there are none. */
  labels: string[];
  /** Present where the pictures were sorted into classes, which `labels` numbers. */
  classes?: PictureClasses;
  /** Files that were left out. */
  skipped: SkippedFile[];
  /** How labels and parts were found, for people, where that is not plain. */
  notes?: string[];
}

/** Which samples, at which size, in which order. */
export interface OpenOptions {
  /** Pixels a side, one that the cache holds. */
  resolution: number;
  batchSize: number;
  /**
   * Samples of this seed and split that were consumed before; batch k starts at cursor + k *
   * batchSize.
   */
  cursor: number;
  /** Of the order and of flips. */
  seed: number;
  /** Horizontal flips with probability 1/2, by (seed, sample). Default false. */
  flip?: boolean;
  /** Default "train". */
  split?: "train" | "held-out";
  /** False keeps the data's own order (for previews and metrics). Default true. */
  shuffle?: boolean;
  /** Rows [from, to) of each batch that are needed; the others may stay 0. Default: all. */
  rows?: readonly [from: number, to: number] | undefined;
}

/** An endless stream of batches; prefetches. */
export interface BatchLoader {
  /** The batch at the cursor, which moves on. */
  next(): Promise<HostBatch>;
  /** Milliseconds that `next()` calls have waited in all. */
  readonly waitedMilliseconds: number;
  /** Stops prefetching; a `next()` that waits rejects. */
  close(): void;
}

/** A whole picture on the host, at its own size. */
export interface HostPicture {
  /** Inside the source. */
  path: string;
  /** [height, width, channels]. */
  data: Uint8Array;
  width: number; // px
  height: number; // px
  channels: number;
  /** Whether its file has one channel. */
  isGrey: boolean;
}

/** A partial sketch and its part as lines: x and y by turns, in the unit square. */
export interface SketchPair {
  /** Lines of the partial sketch. */
  before: readonly Float32Array[];
  /** Lines of the part. */
  lines: readonly Float32Array[];
  /** Number of the part's class; 0 where there are no classes. */
  label: number;
  /** Whether the drawing ends with the part: with it, all of the drawing is there. */
  isLast: boolean;
}

/** An opened data set. Sample k of a seed is the same whatever was read before. */
export interface Dataset {
  readonly info: DatasetInfo;
  /** Starts reading at a cursor. */
  open(options: OpenOptions): BatchLoader;
  /** How a batch is shown as pictures [N, H, W, C] in [-1, 1]. Default: its `images`. */
  picture?(batch: HostBatch): HostTensor;
  /** The split's pictures one by one, where samples are crops of whole pictures. */
  wholePictures?(split: "train" | "held-out"): AsyncIterable<HostPicture>;
  /** The split's pairs of sketches as lines, unvaried, in the data's own order. */
  sketchPairs?(split: "train" | "held-out"): SketchPair[];
  /** Closes the cache's files and every loader of it. */
  close(): void;
}
