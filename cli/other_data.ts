/** Data that a run has never seen, to measure it on. */
import type { Dataset } from "../core/mod.ts";
import { UsageError } from "./errors.ts";
import type { OpenRun } from "./open_run.ts";
import { openRunDataset } from "./sitting.ts";
import type { Status } from "./terminal/status.ts";

/**
 * Opens other data than a run learned from, prepared alike; all of it counts as held out.
 * @param source as `--data` takes it
 * @param cache folder of prepared data; undefined: the user's
 * @throws UsageError where it is the data that the run learned from
 */
export async function openOtherDataset(
  run: Pick<OpenRun, "id" | "spec" | "loaded" | "dataset">,
  source: string,
  { status, cache }: { status: Status; cache: string | undefined },
): Promise<Dataset> {
  const open = (heldOut: number) => {
    const data = { ...run.spec.data, source, heldOut };
    return openRunDataset({ ...run.spec, data }, run.loaded, status, cache);
  };
  const split = await open(run.spec.data.heldOut); // as the run would open it: digests can be compared
  split.close();
  if (split.info.digest === run.dataset.digest) {
    throw new UsageError(
      `Cannot measure ${run.id} on --data ${source}: expected data that it has not learned from, received its own. ` +
        `Leave --data out: its held-out images are taken`,
    );
  }
  return allHeldOut(await open(0));
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
    close: () => dataset.close(),
  };
}
