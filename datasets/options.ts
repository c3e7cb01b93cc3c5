/** The options with which a data set is opened. */
import { ConfigError } from "../core/config/config_layer.ts";
import type {
  DataKind,
  ImageChannels,
  PictureClasses,
  SketchOptions,
  SkippedFile,
} from "../core/data.ts";

/** How a picture that is not square becomes one. */
export type Fit = "cover" | "contain" | "stretch";

/** Options of {@linkcode openDataset}. */
export interface DatasetOptions {
  kind: DataKind;
  /**
   * "emoji", "emoji:SUBSET", "npm:PACKAGE", "shards:TARS", a folder, or a .zip; undefined: the
   * kind's default.
   */
  source?: string | undefined;
  /** Largest resolution that will be opened, side in px, a power of two. */
  maxResolution: number;
  /** Smallest resolution, side in px. Default 4. */
  minResolution?: number;
  /** Default "cover": the central square. */
  fit?: Fit;
  /**
   * The colour behind transparent pixels and around a contained picture, "#rrggbb". Default white.
   */
  background?: string;
  /** Default 3; sketches have 1. With 4, transparent pixels have no background. */
  channels?: ImageChannels;
  /** Folder of Cambium's caches. Default: see `defaultCacheDir`. */
  cacheDir?: string | undefined;
  /**
   * Most GiB on disk for decoded pictures of shards, in addition to the caches of all other data.
   * Default 0: each picture is decoded when it is drawn.
   */
  shardCache?: number;
  /** Fraction of the samples that is held out, 0 … 0.9. Default 0.05. */
  heldOut?: number;
  /**
   * Whether batches contain `labels`; "required" also refuses images whose dataset.json has no
   * classes. Default false.
   */
  labels?: boolean | "required";
  /**
   * Classes that replace labels if these are not requested; ignored if they belong to other data.
   * Only for folders and zips.
   */
  classes?: PictureClasses | undefined;
  /**
   * Skips, and lists, images whose side is smaller than `maxResolution`: upsampling would only
   * invent their details. Default false.
   */
  skipSmaller?: boolean;
  /**
   * Stores whole pictures: samples are random crops, rotated and mirrored, and images whose side is
   * smaller than `maxResolution` are skipped. Default false.
   */
  crops?: boolean;
  /**
   * With `crops`: also keeps pictures that are too small for a crop, to be measured as a whole.
   * They provide no samples. Default false.
   */
  smallWhole?: boolean;
  /** Called while the cache is built, or shards are indexed. */
  onProgress?: (progress: CacheProgress) => void;
  /** Called for unusable pictures of shards, which are found while samples are drawn. */
  onSkipped?: (file: SkippedFile) => void;
  /** Receives warnings, once each. */
  onWarning?: (message: string) => void;
  /** How a sketch becomes pairs; sketches only. */
  sketches?: SketchOptions;
}

/** Progress of building a cache. */
export interface CacheProgress {
  /** Files read so far. */
  done: number;
  /** Total number of files. */
  total: number;
  /** Files skipped so far. */
  skipped: number;
}

/**
 * Fills in defaults and validates the values.
 * @throws ConfigError naming the flag
 */
export function checkOptions(
  options: DatasetOptions,
): Required<Omit<DatasetOptions, "source" | "cacheDir" | "classes" | "labels">> & {
  labels: boolean;
} {
  const { kind, maxResolution, minResolution = 4, fit = "cover", heldOut = 0.05, labels = false } =
    options;
  const { background = "#ffffff", channels = kind === "sketches" ? 1 : 3, onProgress = () => {} } =
    options;
  const sides = { "--resolution": maxResolution, "--start-resolution": minResolution };
  for (const [name, value] of Object.entries(sides)) {
    if (!Number.isInteger(Math.log2(value)) || value < 4 || value > 1024) {
      refuse(name, "a power of two from 4 to 1024", value);
    }
  }
  if (minResolution > maxResolution) {
    refuse("--start-resolution", `at most ${maxResolution}`, minResolution);
  }
  if (!["cover", "contain", "stretch"].includes(fit)) {
    refuse("--fit", "cover, contain or stretch", fit);
  }
  if (!/^#[0-9a-f]{6}$/i.test(background)) {
    refuse("--background", 'a colour such as "#ffffff"', background);
  }
  if (![1, 3, 4].includes(channels)) refuse("channels", "1, 3 or 4", channels);
  const { shardCache = 0 } = options;
  if (!(shardCache >= 0)) refuse("--shard-cache", "0 or more", shardCache);
  if (!(heldOut >= 0 && heldOut <= 0.9)) refuse("--held-out", "a part from 0 to 0.9", heldOut);
  return {
    kind,
    maxResolution,
    minResolution,
    fit,
    background: background.toLowerCase(),
    channels,
    shardCache,
    heldOut,
    labels: labels !== false,
    skipSmaller: options.skipSmaller ?? false,
    crops: options.crops ?? false,
    smallWhole: options.smallWhole ?? false,
    onProgress,
    onSkipped: options.onSkipped ?? (() => {}),
    onWarning: options.onWarning ?? (() => {}),
    sketches: options.sketches ?? {},
  };
}

function refuse(name: string, expected: string, received: unknown): never {
  throw new ConfigError(
    `Cannot open the data: expected ${name} to be ${expected}, received ${received}`,
  );
}
