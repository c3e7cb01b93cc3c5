/** The interface between the trainer and its data; `datasets/` implements it. */

/** One named array of a batch, on the host. */
export interface HostTensor {
  data: Float32Array | Int32Array;
  /** Sizes, outermost first. */
  shape: number[];
}

/**
 * A batch on the host. Images: `images` [N, R, R, C] in [-1, 1], and `labels` int32 [N] where there
 * are any. Sketches: `partial` and `part` [N, R, R, 1] in [-1, 1] (ink is 1), and `labels` int32
 * [N], the part's class. With boxes, both are cropped to the frame of the part's box, `box` [N, 4]
 * is that box in the drawing's unit square (centre x and y, width, height) and `whole` [N, 32, 32,
 * 1] the partial sketch uncropped. With `fromBlank`, `last` [N] is 1 where the drawing ends with
 * the part, else 0.
 */
export type HostBatch = Record<string, HostTensor>;

/** Channels of an image: 1 is grey, 3 RGB, 4 RGBA with premultiplied alpha. */
export type ImageChannels = 1 | 3 | 4;

/** Kinds of data that a plugin may ask for. */
export type DataKind = "images" | "sketches";

/** How sketches become pairs of a partial drawing and its next part. */
export interface SketchOptions {
  /**
   * "order": at each point of the drawing order, the next part against all before it;
   * "leave-one-out": each part against all others. Default by format: strokes have an order, SVG
   * elements have none.
   */
  split?: "order" | "leave-one-out";
  /** Drawings with fewer parts are skipped. Default 2; 3 for the default icons. */
  minParts?: number;
  /** Keep drawings that Quick, Draw! did not recognize. Default false. */
  unrecognized?: boolean;
  /**
   * Augmentation: largest rotation, degrees. Default 15; 0 for the default icons, which are
   * designed on a grid.
   */
  rotate?: number;
  /** Augmentation: largest relative change of size. Default 0.1. */
  scale?: number;
  /** Augmentation: largest shift, as a fraction of the side. Default 0.01. */
  shift?: number;
  /** Line width as a fraction of the side; never below 1 px. Default 1/35. */
  lineWidth?: number;
  /** Crop partial sketches and parts to the frame of the part's box. Default false. */
  boxes?: boolean;
  /**
   * For drawings that have an order, start with the pair of blank paper and the first part. Default
   * false.
   */
  fromBlank?: boolean;
}

/** A file that was skipped, and why. */
export interface SkippedFile {
  /** Path inside the source: relative to the folder or zip. */
  path: string;
  /** Why it can't be used, human-readable. */
  reason: string;
  /** Number of files that this entry stands for, where too many to list share one. Default 1. */
  count?: number;
}

/** The number of skipped files that a list stands for. */
export function countSkipped(skipped: readonly SkippedFile[]): number {
  return skipped.reduce((sum, { count = 1 }) => sum + count, 0);
}

/** The class that each picture of a data set was sorted into. */
export interface PictureClasses {
  /** Digest of the data without classes. */
  of: string;
  /** The requested maximum number of classes. */
  clusters: number;
  /** Classes of the training pictures, in the data's own order: numbers separated by spaces. */
  train: string;
  /** Classes of the held-out pictures, likewise. */
  heldOut: string;
}

/** Facts about a data set: plain data, kept with the run. */
export interface DatasetInfo {
  kind: DataKind;
  /** Short, usable as a folder name, e.g. "emoji". */
  name: string;
  /** Where it came from, as the user gave it. */
  source: string;
  /** SHA-256 (hex) of everything that the samples depend on. */
  digest: string;
  count: number;
  /** Samples kept from training, for previews and metrics. */
  heldOutCount: number;
  /** Channels of an image, see {@linkcode ImageChannels}. */
  channels: number;
  /** The largest resolution that was requested, px a side. */
  maxResolution: number;
  /** Class names; empty where there are none. */
  labels: string[];
  /** Present where pictures were sorted into classes automatically; `labels` then holds numbers. */
  classes?: PictureClasses;
  skipped: SkippedFile[];
  /** How labels and parts were found, human-readable, where that is not obvious. */
  notes?: string[];
}

/** Which samples, at which size, in which order. */
export interface OpenOptions {
  /** px a side; one that the cache holds. */
  resolution: number;
  batchSize: number;
  /** Samples of this seed and split already consumed; batch k starts at cursor + k * batchSize. */
  cursor: number;
  /** Seed of the order and of flips. */
  seed: number;
  /** Horizontal flips with probability 1/2, by (seed, sample). Default false. */
  flip?: boolean;
  /** Default "train". */
  split?: "train" | "held-out";
  /** False keeps the data's own order (for previews and metrics). Default true. */
  shuffle?: boolean;
  /** Rows [from, to) of each batch that are needed; the others may be 0. Default: all. */
  rows?: readonly [from: number, to: number] | undefined;
}

/** An endless stream of batches; prefetches. */
export interface BatchLoader {
  /** The batch at the cursor, which it advances. */
  next(): Promise<HostBatch>;
  /** Total time that `next()` calls have waited, milliseconds. */
  readonly waitedMilliseconds: number;
  /** Stops prefetching; a pending `next()` rejects. */
  close(): void;
}

/** A whole picture on the host, at its own size. */
export interface HostPicture {
  /** Path inside the source. */
  path: string;
  /** [height, width, channels]. */
  data: Uint8Array;
  width: number; // px
  height: number; // px
  channels: number;
  /** Whether its file has one channel. */
  isGrey: boolean;
}

/** A partial sketch and its part as lines: alternating x and y in the unit square. */
export interface SketchPair {
  /** Lines of the partial sketch. */
  before: readonly Float32Array[];
  /** Lines of the part. */
  lines: readonly Float32Array[];
  /** Number of the part's class; 0 where there are no classes. */
  label: number;
  /** Whether the part completes the drawing. */
  isLast: boolean;
}

/** An open data set. Sample k of a seed does not depend on what was read before. */
export interface Dataset {
  readonly info: DatasetInfo;
  /** Starts reading at a cursor. */
  open(options: OpenOptions): BatchLoader;
  /** Renders a batch as pictures [N, H, W, C] in [-1, 1]. Default: its `images`. */
  picture?(batch: HostBatch): HostTensor;
  /** The split's pictures one by one, where samples are crops of whole pictures. */
  wholePictures?(split: "train" | "held-out"): AsyncIterable<HostPicture>;
  /** The split's pairs of sketches as lines, without augmentation, in the data's own order. */
  sketchPairs?(split: "train" | "held-out"): SketchPair[];
  /** Closes the cache's files and all loaders. */
  close(): void;
}
