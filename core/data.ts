/** The contract between the trainer and what feeds it; `datasets/` implements it. */

/** One named array of a batch, on the host. */
export interface HostTensor {
  data: Float32Array | Int32Array;
  shape: number[];
}

/**
 * A batch on the host. Images: `images` [N, R, R, C] in [-1, 1], and `labels` int32 [N] where there are any.
 * Sketches: `partial` and `part` [N, R, R, 1] in [-1, 1] (ink is 1), and `labels` int32 [N] of the part's class.
 */
export type HostBatch = Record<string, HostTensor>;

/** Kinds of data that a plugin may ask for. */
export type DataKind = "images" | "sketches";

/** A file that was left out, and why. */
export interface SkippedFile {
  path: string;
  reason: string;
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
  heldOutCount: number;
  channels: number;
  /** Largest resolution in the cache, pixels a side. */
  maxResolution: number;
  /** Class names; empty where there are none. */
  labels: string[];
  skipped: SkippedFile[];
}

/** Which samples, at which size, in which order. */
export interface OpenOptions {
  resolution: number; // px a side
  batchSize: number;
  /** Samples of this seed and split that were consumed before; batch k starts at cursor + k * batchSize. */
  cursor: number;
  seed: number;
  /** Horizontal flips with probability 1/2, by (seed, sample). Default false. */
  flip?: boolean;
  /** Default "train". */
  split?: "train" | "held-out";
  /** False keeps the data's own order (for previews and metrics). Default true. */
  shuffle?: boolean;
}

/** An endless stream of batches; prefetches. */
export interface BatchLoader {
  next(): Promise<HostBatch>;
  /** Milliseconds that `next()` calls have waited in all. */
  readonly waitedMilliseconds: number;
  close(): void;
}

/** An opened data set. Sample k of a seed is the same whatever was read before. */
export interface Dataset {
  readonly info: DatasetInfo;
  open(options: OpenOptions): BatchLoader;
  close(): void;
}
