/** Sorts the pictures of a run's data into classes. */
import type { Backend } from "../../backend/types.ts";
import type { Dataset } from "../../data.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { isShards } from "../../../datasets/mod.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import type { Notices } from "../notices.ts";
import { classesWanted, openRunDataset } from "./run_dataset.ts";
import { sortPictures } from "./sort_pictures.ts";

/** Options of {@linkcode sortedDataset}. */
export interface SortedDatasetOptions {
  spec: RunSpec;
  loaded: RunPlugins;
  /** Folder of prepared data; undefined: the user's cache. */
  cache: string | undefined;
  notices: Notices;
  signal?: AbortSignal | undefined;
}

/**
 * The data of a new run, with its pictures sorted into classes where the options ask for it and it
 * is possible; logs why it isn't.
 * @param dataset from `openRunDataset`; closed where another one is returned
 */
export async function sortedDataset(
  dataset: Dataset,
  options: SortedDatasetOptions,
  { info: { name } }: Pick<Backend, "info">,
): Promise<Dataset> {
  const { spec, loaded, notices, cache, signal } = options;
  const { clusters } = classesWanted(spec.options);
  if (clusters === 0 || dataset.info.classes || dataset.info.kind !== "images") return dataset;
  const why = name === "cpu" || name === "wasm"
    ? `the ${name} backend would take too long`
    : isShards(spec.data.source)
    ? "shards hold too many to look at in advance"
    : dataset.wholePictures
    ? "crops of pictures have no classes"
    : undefined;
  if (why) {
    notices.log(`Pictures are not sorted into classes: ${why}`);
    return dataset;
  }
  const classes = await sortPictures(dataset, { clusters, notices, cache, signal });
  if (!classes) return dataset;
  const sorted = await openRunDataset(spec, loaded, notices, { cache, classes });
  dataset.close();
  const { count, heldOutCount, labels } = sorted.info;
  notices.log(
    `${count + heldOutCount} pictures are sorted into ${labels.length} classes by what ` +
      `EfficientNet-lite0 sees (--clusters ${clusters})`,
  );
  return sorted;
}
