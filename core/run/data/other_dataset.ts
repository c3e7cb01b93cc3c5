/** Opens data that a run was not trained on, to measure it. */
import type { Dataset } from "../../data.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { openRunDataset } from "./run_dataset.ts";
import type { Notices } from "../notices.ts";

/**
 * Opens other data than a run was trained on, prepared in the same way. All of it counts as held
 * out, including pictures that are too small for a crop but can be measured whole. If it turns out
 * to be the run's own data, moved there, only the run's held-out part does.
 * @param source as for `--data`
 * @param cache folder of prepared data; undefined: the user's cache
 * @param resolution the largest resolution that is read, px; smaller images are skipped where the
 * model skips small images. Default: the run's last
 */
export async function openOtherDataset(
  run: Pick<LoadedRun, "spec" | "loaded" | "dataset">,
  source: string,
  { notices, cache, resolution = run.spec.run.resolution }: {
    notices: Notices;
    cache: string | undefined;
    resolution?: number;
  },
): Promise<Dataset> {
  const { classes } = run.dataset;
  const open = (
    heldOut: number,
    resolution: number,
    { channels = run.spec.data.channels, smallWhole = false } = {},
  ) => {
    const data = { ...run.spec.data, source, heldOut, channels };
    const spec = { ...run.spec, run: { ...run.spec.run, resolution }, data };
    return openRunDataset(spec, run.loaded, notices, { cache, smallWhole, classes });
  };
  // Opened as the run would open it, so that digests can be compared.
  const split = await open(run.spec.data.heldOut, run.spec.run.resolution).catch((error) => {
    // all images are too small: not the run's own data; any other error recurs below
    if (error instanceof RangeError) return undefined;
    throw error;
  });
  if (split?.info.digest === run.dataset.digest) return split;
  split?.close();
  // models that train on crops measure whole pictures, a grey one also in colour
  const { plugin } = run.loaded.model;
  const crops = plugin.crops?.(run.spec.options[plugin.name] ?? {}) ?? false;
  return allHeldOut(await open(0, resolution, crops ? { channels: 3, smallWhole: true } : {}));
}

/** The same samples, all of them held out. */
export function allHeldOut(dataset: Dataset): Dataset {
  const { count, heldOutCount } = dataset.info;
  if (heldOutCount > 0) {
    throw new RangeError(
      `Cannot hold out all: expected no split, received ${heldOutCount} held out`,
    );
  }
  return {
    info: { ...dataset.info, count: 0, heldOutCount: count },
    open(options) {
      if (options.split !== "held-out") {
        throw new RangeError(
          'Cannot read the data: expected the split "held-out", since it is only for measuring',
        );
      }
      return dataset.open({ ...options, split: "train" });
    },
    ...(dataset.picture && { picture: dataset.picture.bind(dataset) }),
    ...(dataset.sketchPairs && { sketchPairs: () => dataset.sketchPairs!("train") }),
    ...(dataset.wholePictures && { wholePictures: () => dataset.wholePictures!("train") }),
    close: () => dataset.close(),
  };
}
