/** Sliced Wasserstein distance of a run's images to its data, with its floor. */
import type { Dataset } from "../../data.ts";
import { swdOf, type SwdOptions, type SwdResult, swdWithFloor } from "../../metrics/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import {
  drawable,
  fakeBatches,
  measuredOf,
  type MeasureOptions,
  realBatches,
} from "./measured_set.ts";

/** Result of {@linkcode compareSwd}. */
export interface SwdComparison {
  swd: SwdResult;
  floor: SwdResult;
  /** Number of reals compared with: one set, or two where the data is small. */
  reals: number;
}

/**
 * The distance of generated images to reals, and its floor: the distance of other reals to the same
 * reals. Where the run mirrors images, the other reals are mirrored as well.
 * All sets have the same number of images, since the distance falls with that number, and no image
 * is used twice. Data with fewer than twice the requested images is split into two halves, to leave
 * other reals for the floor. The distance is then the mean over both halves, each compared with its
 * own generated images, so that all reals count; unless a folder has too few samples for both.
 * @throws RangeError where the data has fewer than 4 images, TypeError where the model can't draw
 * from latents
 */
export async function compareSwd(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<SwdComparison> {
  const measured = measuredOf(training, dataset, options);
  const { images, resolution } = measured, { seed, floors, onProgress } = options;
  const passes = images < options.images && drawable(options) >= 2 * images ? 2 : 1;
  let pass = 0;
  const swdOptions: SwdOptions = {
    resolution,
    channels: dataset.info.channels,
    seed,
    imagesPlanned: images,
    onProgress: (fraction) => onProgress?.("Comparing patches", (pass + fraction) / passes),
  };
  const reals = (first: number) => () => realBatches(measured, { seed }, first);
  const otherReals = () => realBatches(measured, options, images);
  const fakes = (first: number) => () => fakeBatches(measured, options, first);
  const known = floors?.get(resolution);
  const { swd, floor } = known?.images === images
    ? { swd: await swdOf({ real: reals(0), fake: fakes(0) }, swdOptions), floor: known }
    : await swdWithFloor(
      { real: reals(0), otherReal: otherReals, fake: fakes(0) },
      swdOptions,
    );
  floors?.set(resolution, floor);
  if (passes === 1) return { swd, floor, reals: images };
  pass = 1;
  const other = await swdOf({ real: reals(images), fake: fakes(images) }, swdOptions);
  return { swd: meanOf(swd, other), floor, reals: 2 * images };
}

/** The mean of two distances with the same levels. */
function meanOf(a: SwdResult, b: SwdResult): SwdResult {
  const levels = a.levels.map(({ resolution, value }, i) => ({
    resolution,
    value: (value + b.levels[i]!.value) / 2, // the same levels
  }));
  return { ...a, levels, average: (a.average + b.average) / 2 };
}

/**
 * Values for the curves: what `TrainOptions.measure` returns.
 * @returns "metric/swd" and "metric/swd_floor", ×10³
 */
export async function measureSwd(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<Record<string, number>> {
  const { swd, floor } = await compareSwd(training, dataset, options);
  return { "metric/swd": swd.average, "metric/swd_floor": floor.average };
}
