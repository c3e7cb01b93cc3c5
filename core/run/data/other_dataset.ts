/** Data that a run has never seen, to measure it on. */
import type { Dataset } from "../../data.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { openRunDataset } from "./run_dataset.ts";
import type { Notices } from "../notices.ts";

/**
 * Opens other data than a run learned from, prepared alike; all of it counts as held out, also
 * pictures that are too small for a crop but can be measured whole. Of the run's own data, which
 * may have been moved there, only what the run held out does.
 * @param source as `--data` takes it
 * @param cache folder of prepared data; undefined: the user's
 * @param resolution the largest that is read, px a side: images that are smaller are left out where
 * the run leaves out those below its last; undefined: the run's last
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
  // As the run would open it: digests can be compared.
  const split = await open(run.spec.data.heldOut, run.spec.run.resolution).catch((error) => {
    // all too small, so not its own; another comes again below
    if (error instanceof RangeError) return undefined;
    throw error;
  });
  if (split?.info.digest === run.dataset.digest) return split;
  split?.close();
  // a grey network may enlarge whole colour pictures
  const { plugin } = run.loaded.model;
  const crops = plugin.crops?.(run.spec.options[plugin.name] ?? {}) ?? false;
  return allHeldOut(await open(0, resolution, crops ? { channels: 3, smallWhole: true } : {}));
}

/** The same samples, none of them to train on. */
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
          "Cannot read the data: expected its held-out part, for it is to measure on only",
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
