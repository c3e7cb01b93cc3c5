/** Compares the diversity of a run's images with that of its data by MS-SSIM. */
import type { Dataset } from "../../data.ts";
import { msSsimOfPairs } from "../../metrics/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import {
  drawable,
  fakeBatches,
  measuredOf,
  type MeasureOptions,
  realBatches,
} from "./measured_set.ts";

/** MS-SSIM of generated images and of reals. */
export interface MsSsimComparison {
  /** Mean over pairs of generated images. */
  fake: number;
  /** Mean over pairs of reals. */
  real: number;
  /** Number of pairs of generated images. */
  pairs: number;
  /** Number of pairs of reals. */
  realPairs: number;
}

/** Mean MS-SSIM of pairs of generated images and of reals; lower is more diverse. */
export async function compareMsSsim(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<MsSsimComparison> {
  const measured = measuredOf(training, dataset, options);
  const { resolution, count } = measured, shape = { resolution, channels: dataset.info.channels };
  // The expected mean over pairs doesn't depend on their number, so there may be more samples than
  // reals.
  const drawn = Math.min(options.images, drawable(options)) & ~1;
  const read = Math.min(drawn, count & ~1);
  const told = (name: string, images: number) => (pairs: number) =>
    options.onProgress?.(`MS-SSIM of ${name}`, Math.min(1, 2 * pairs / images));
  const samples = fakeBatches({ ...measured, images: drawn }, options, 0);
  const reals = realBatches({ ...measured, images: read }, options, 0);
  const fake = await msSsimOfPairs(samples, shape, told("samples", drawn));
  const real = await msSsimOfPairs(reals, shape, told("reals", read));
  return { fake: fake.value, real: real.value, pairs: fake.pairs, realPairs: real.pairs };
}
