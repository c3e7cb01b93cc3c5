/** The data that a run is measured on. */
import type { Dataset } from "../core/mod.ts";
import type { OpenRun } from "./open_run.ts";
import { openOtherDataset } from "./other_data.ts";
import { openRunDataset } from "./sitting.ts";
import type { Status } from "./terminal/status.ts";

/**
 * Opens a run's own data, and warns where it is no longer what the run learned from; or other data.
 * @param source as `--data` takes it; undefined: the run's own
 * @param cache folder of prepared data; undefined: the user's
 * @throws UsageError where the other data is what the run learned from
 */
export async function openMeasuredDataset(
  run: Pick<OpenRun, "id" | "spec" | "loaded" | "dataset">,
  source: string | undefined,
  { status, cache }: { status: Status; cache: string | undefined },
): Promise<Dataset> {
  if (source !== undefined) return await openOtherDataset(run, source, { status, cache });
  const dataset = await openRunDataset(run.spec, run.loaded, status, cache);
  if (dataset.info.digest !== run.dataset.digest) {
    status.warn(
      `the data of ${run.id} has changed since it was trained: ` +
        `what is held out now may be what it learned from`,
    );
  }
  return dataset;
}
