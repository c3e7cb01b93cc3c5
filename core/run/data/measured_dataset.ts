/** Opens the data that a run is measured on. */
import type { Dataset } from "../../data.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { withMovedAdvice } from "./moved_data.ts";
import { openOtherDataset } from "./other_dataset.ts";
import { RunError } from "../run_error.ts";
import { openRunDataset } from "./run_dataset.ts";
import type { Notices } from "../notices.ts";
import { warnOfSkipped } from "./warn_of_skipped.ts";

/**
 * Opens a run's own data (see {@linkcode openOwnDataset}) or other data. Warns of skipped files
 * where the model skips small images.
 * @param source as for `--data`; undefined: the run's own
 * @param cache folder of prepared data; undefined: the user's cache
 * @param resolution the largest resolution at which other data is read, px; at most the run's last
 * @throws RunError where the run's classes can't be restored
 */
export async function openMeasuredDataset(
  run: MeasuredRun,
  source: string | undefined,
  place: MeasuredPlace,
): Promise<Dataset> {
  if (source === undefined) return await openOwnDataset(run, undefined, place);
  const { notices, cache } = place;
  const resolution = Math.min(place.resolution, run.spec.run.resolution);
  const other = await openOtherDataset(run, source, { notices, cache, resolution });
  tellSkipped(run, other, { ...place, resolution });
  return other;
}

/**
 * Opens a run's own data, and warns where it has changed since training.
 * @param source where it was moved to; undefined: where the run's record says
 * @throws RunError where `source` holds other data, or the run's classes can't be restored
 */
export async function openOwnDataset(
  run: MeasuredRun,
  source: string | undefined,
  place: MeasuredPlace,
): Promise<Dataset> {
  const { notices, cache } = place, { classes } = run.dataset;
  const data = { ...run.spec.data, ...(source === undefined ? {} : { source }) };
  const dataset = await openRunDataset({ ...run.spec, data }, run.loaded, notices, {
    cache,
    classes,
  }).catch((error) => {
    throw withMovedAdvice(error);
  });
  const refuse = (reason: string) => {
    dataset.close();
    return new RunError(`Cannot measure ${run.id}${reason}`);
  };
  const isSame = dataset.info.digest === run.dataset.digest;
  if (source !== undefined && !isSame) {
    throw refuse(
      ` on --data ${source}: expected the data that it learned from, received other data, which ` +
        `only a model that measures itself is measured on, as progan-sr is`,
    );
  }
  if (classes && !dataset.info.classes) {
    const { count, heldOutCount } = dataset.info;
    throw refuse(
      `: expected the pictures that it sorted into classes, received ` +
        `${count + heldOutCount} that are not the same. Put them back as they were, or name a ` +
        `folder that has them (--data)`,
    );
  }
  if (!isSame) {
    notices.warn(
      `the data of ${run.id} has changed since it was trained: ` +
        `what is held out now may be what it learned from`,
    );
  }
  tellSkipped(run, dataset, { ...place, resolution: run.spec.run.resolution });
  return dataset;
}

/** The parts of a run that determine how data is opened. */
type MeasuredRun = Pick<LoadedRun, "id" | "spec" | "loaded" | "dataset">;

/** How the data is opened. */
interface MeasuredPlace {
  notices: Notices;
  cache: string | undefined;
  resolution: number; // px a side
}

function tellSkipped(
  { spec, loaded }: Pick<LoadedRun, "spec" | "loaded">,
  { info }: Dataset,
  { notices, cache, resolution }: MeasuredPlace,
): void {
  if (loaded.model.plugin.skipSmaller !== true) return;
  const { fit, background, channels } = spec.data;
  warnOfSkipped(info, { resolution, fit, background, channels, skipSmaller: true, cache }, notices);
}
