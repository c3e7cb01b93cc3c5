/** How varied a run's images are, beside its data. */
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

/** MS-SSIM of generated images beside that of reals. */
export interface MsSsimComparison {
  /** Mean over pairs of generated images. */
  fake: number;
  /** Mean over pairs of reals. */
  real: number;
  /** Pairs of generated images. */
  pairs: number;
  /** Pairs of reals. */
  realPairs: number;
}

/** Mean MS-SSIM of pairs, of the generated images and of reals; lower is more varied. */
export async function compareMsSsim(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<MsSsimComparison> {
  const measured = measuredOf(training, dataset, options);
  const { resolution, count } = measured, shape = { resolution, channels: dataset.info.channels };
  // A mean over pairs: it doesn't depend on their number, so there may be more samples than reals.
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
