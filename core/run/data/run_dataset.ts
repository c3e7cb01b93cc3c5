/** Opens the data that a run is trained on. */
import type { Config } from "../../config/mod.ts";
import type { Dataset, PictureClasses } from "../../data.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { openDataset } from "../../../datasets/mod.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { warnWhileDrawn } from "./warn_of_skipped.ts";
import type { Notices } from "../notices.ts";

/**
 * Opens the data as a run's options require, up to its last resolution.
 * @param place.cache folder of prepared data; undefined: the user's cache
 * @param place.shardCache size limit of decoded pictures of shards on disk, GiB
 * @param place.smallWhole whether to keep whole pictures that are too small for a crop
 * @param place.classes the classes its pictures were sorted into before; ignored where the run
 * needs other classes, or the data differs
 */
export function openRunDataset(
  spec: RunSpec,
  loaded: RunPlugins,
  notices: Notices,
  { cache, shardCache = 0, smallWhole = false, classes }: RunDatasetPlace,
): Promise<Dataset> {
  const { source, fit, background, channels, heldOut } = spec.data;
  const { labels, clusters } = classesWanted(spec.options);
  const { plugin } = loaded.model;
  return openDataset({
    kind: plugin.data ?? "images",
    ...(source === undefined ? {} : { source }),
    ...(cache === undefined ? {} : { cacheDir: cache }),
    minResolution: Math.min(4, spec.run.startResolution),
    maxResolution: spec.run.resolution,
    fit,
    background,
    channels,
    shardCache,
    heldOut,
    labels,
    classes: classes?.clusters === clusters ? classes : undefined,
    crops: plugin.crops?.(spec.options[plugin.name] ?? {}) ?? false,
    smallWhole,
    skipSmaller: plugin.skipSmaller === true,
    sketches: plugin.sketches?.(spec.options[plugin.name] ?? {}) ?? {},
    onProgress: ({ done, total }) =>
      notices.progress(`Preparing the data: ${done} of ${total}`, done / total),
    onSkipped: warnWhileDrawn(notices),
    onWarning: (message) => notices.warn(message),
  });
}

/** Options of {@linkcode openRunDataset}. */
export interface RunDatasetPlace {
  cache: string | undefined;
  shardCache?: number | undefined;
  smallWhole?: boolean;
  classes?: PictureClasses | undefined;
}

/** Whether a run's options ask for labels, or for sorting into a number of classes. */
export function classesWanted(
  options: Record<string, Config>,
): { labels: boolean | "required"; clusters: number } {
  const { labels, clusters } = Object.assign({}, ...Object.values(options)) as Config;
  const isSorted = labels !== true && typeof clusters === "number" && clusters > 0;
  const wanted = labels === true ? "required" : labels !== false && !isSorted;
  return { labels: wanted, clusters: isSorted ? clusters : 0 };
}
