/** The data that a run is measured on. */
import type { Dataset } from "../../data.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { openOtherDataset } from "./other_dataset.ts";
import { RunError } from "../run_error.ts";
import { openRunDataset } from "./run_dataset.ts";
import type { Notices } from "../notices.ts";
import { warnOfSkipped } from "./warn_of_skipped.ts";

/**
 * Opens a run's own data, and warns where it is no longer what the run learned from; or other data.
 * Tells what a run that wants large images leaves out.
 * @param source as `--data` takes it; undefined: the run's own
 * @param cache folder of prepared data; undefined: the user's
 * @param resolution the largest of other data that is read, px a side; at most the run's last
 * @throws RunError where the other data is what the run learned from, or classes can't be had
 */
export async function openMeasuredDataset(
  run: Pick<LoadedRun, "id" | "spec" | "loaded" | "dataset">,
  source: string | undefined,
  place: MeasuredPlace,
): Promise<Dataset> {
  const { notices, cache } = place, last = run.spec.run.resolution;
  if (source !== undefined) {
    const resolution = Math.min(place.resolution, last);
    const other = await openOtherDataset(run, source, { notices, cache, resolution });
    tellSkipped(run, other, { ...place, resolution });
    return other;
  }
  const dataset = await openRunDataset(run.spec, run.loaded, notices, {
    cache,
    classes: run.dataset.classes,
  });
  if (run.dataset.classes && !dataset.info.classes) {
    const { count, heldOutCount } = dataset.info;
    dataset.close();
    throw new RunError(
      `Cannot measure ${run.id}: expected the pictures that it sorted into classes, received ` +
        `${count + heldOutCount} that are not the same. Put them back as they were`,
    );
  }
  if (dataset.info.digest !== run.dataset.digest) {
    notices.warn(
      `the data of ${run.id} has changed since it was trained: ` +
        `what is held out now may be what it learned from`,
    );
  }
  tellSkipped(run, dataset, { ...place, resolution: last });
  return dataset;
}

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
