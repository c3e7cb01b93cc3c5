/** How a data set is opened. */
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
   * "emoji", "emoji:SUBSET", "npm:PACKAGE", "shards:TARS", a folder, a .zip; undefined: the kind's
   * default.
   */
  source?: string | undefined;
  /** Largest resolution that will be opened, px a side, a power of two. */
  maxResolution: number;
  /** Smallest, px a side. Default 4. */
  minResolution?: number;
  /** Default "cover": the middle square. */
  fit?: Fit;
  /** Behind transparent pixels and beside a contained picture, "#rrggbb". Default white. */
  background?: string;
  /** Default 3; sketches have 1. With 4 nothing lies behind transparent pixels. */
  channels?: ImageChannels;
  /** Folder of Cambium's caches. Default: see `defaultCacheDir`. */
  cacheDir?: string | undefined;
  /**
   * GiB on disk at most for decoded pictures of shards, beside the caches of all other data.
   * Default 0: each is decoded when it is drawn.
   */
  shardCache?: number;
  /** Part of the samples held out, 0 … 0.9. Default 0.05. */
  heldOut?: number;
  /**
   * Give each batch `labels`; "required": and refuse images whose dataset.json gives no classes.
   * Default false.
   */
  labels?: boolean | "required";
  /**
   * Classes that stand in for labels, where there are to be none; of no account where they are of
   * other data. Of folders and zips alone.
   */
  classes?: PictureClasses | undefined;
  /**
   * Leave out, and list, images whose side is below `maxResolution`: their detail would be made up.
   * Default false.
   */
  skipSmaller?: boolean;
  /**
   * Keep pictures whole: samples are crops at random places, turned and mirrored, and images whose
   * side is below `maxResolution` are left out. Default false.
   */
  crops?: boolean;
  /**
   * With `crops`: keep pictures that are too small for one, too, to be measured whole. They give no
   * samples. Default false.
   */
  smallWhole?: boolean;
  /** Called while the cache is built, or shards are looked at. */
  onProgress?: (progress: CacheProgress) => void;
  /** Called for pictures of shards that can't be used, which are met while they are drawn. */
  onSkipped?: (file: SkippedFile) => void;
  /** Told what is no error, once each. */
  onWarning?: (message: string) => void;
  /** How a sketch becomes pairs; sketches only. */
  sketches?: SketchOptions;
}

/** How far a cache is built. */
export interface CacheProgress {
  /** Files that were read. */
  done: number;
  /** Files in all. */
  total: number;
  /** Files that were left out so far. */
  skipped: number;
}

/**
 * Fills in defaults and checks the values.
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
