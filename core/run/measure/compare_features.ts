/** Compares a run's images with its data in the features of a frozen network. */
import type { Dataset } from "../../data.ts";
import {
  type DensityCoverage,
  densityCoverage,
  type FeatureExtractor,
  type FeatureSet,
  kid,
  type KidResult,
  type Memorization,
  memorization,
} from "../../metrics/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import {
  drawable,
  fakeBatches,
  type Measured,
  measuredOf,
  type MeasureOptions,
  realBatches,
} from "./measured_set.ts";

/**
 * Metrics in one network's features, each with its floor: the same metric for as many other reals.
 */
export interface FeatureComparison {
  features: string;
  /** Kernel distance of the generated images to the reals. */
  kid: KidResult;
  /** Kernel distance of other reals to the same reals. */
  kidFloor: KidResult;
  samples: DensityCoverage;
  reals: DensityCoverage;
  /** Number of images in each of the three sets. */
  images: number;
}

/** Minimum size of a set: coverage uses the five nearest neighbours of each image. */
export const FEWEST_COMPARED = 6;

/** Cached results of the reals, which don't change while a run trains. */
export type KnownReals = Map<string, { real: FeatureSet; other: FeatureSet; floor: RealFigures }>;

type RealFigures = Pick<FeatureComparison, "kidFloor" | "reals">;

/**
 * KID, density and coverage. Data with fewer than twice the requested images is split into halves,
 * since the floor needs as many other reals.
 * @param known cache of the reals' results, read and filled
 * @throws RangeError where the data has fewer than 12 images, TypeError where the model can't draw
 * from latents
 */
export async function compareFeatures(
  training: TrainingState,
  dataset: Dataset,
  extractor: FeatureExtractor,
  options: MeasureOptions,
  known: KnownReals = new Map(),
): Promise<FeatureComparison> {
  const measured = measuredOf(training, dataset, options),
    { seed } = options,
    { images } = measured;
  const key = [extractor.name, measured.resolution, images, measured.split].join();
  let reals = known.get(key);
  if (!reals) {
    const real = await featuresOf(extractor, measured, realBatches(measured, { seed }, 0), images);
    const more = realBatches(measured, options, images);
    const other = await featuresOf(extractor, measured, more, images);
    const floor = {
      kidFloor: await kid(real, other, { seed }),
      reals: await densityCoverage(real, other),
    };
    known.set(key, reals = { real, other, floor });
  }
  const drawn = fakeBatches(measured, options, 0);
  const fake = await featuresOf(extractor, measured, drawn, images);
  return {
    features: extractor.name,
    kid: await kid(reals.real, fake, { seed }),
    samples: await densityCoverage(reals.real, fake),
    ...reals.floor,
    images,
  };
}

/** Maximum number of training images that are searched for copies. */
const MOST_TRAINED = 20_000;

/** Copies, with their indices in the data's order by `seed`. */
export interface CopiesFound extends Memorization {
  /** Number of generated images. */
  samples: number;
  /** Number of training images that were searched. */
  trained: number;
}

/**
 * Looks for generated images that copy training images, compared with held-out images.
 * @throws RangeError where nothing is held out
 */
export async function findCopies(
  training: TrainingState,
  dataset: Dataset,
  extractor: FeatureExtractor,
  options: MeasureOptions,
): Promise<CopiesFound> {
  const { count, heldOutCount } = dataset.info, { seed } = options;
  if (heldOutCount === 0) {
    throw new RangeError(
      "Cannot look for copies: expected held-out images to compare with, received none " +
        "(--held-out 0)",
    );
  }
  const trained = Math.min(count, MOST_TRAINED);
  const samples = Math.min(options.images, trained, drawable(options));
  const of = (split: "train" | "held-out", images: number): Measured => ({
    ...measuredOf(training, dataset, { ...options, split: "train" }),
    split,
    images,
  });
  const features = (measured: Measured) =>
    featuresOf(extractor, measured, realBatches(measured, { seed }, 0), measured.images);
  const fakes = of("train", samples);
  const fake = await featuresOf(extractor, fakes, fakeBatches(fakes, options, 0), samples);
  const found = await memorization(
    fake,
    await features(of("train", trained)),
    await features(of("held-out", heldOutCount)),
  );
  return { ...found, samples, trained };
}

async function featuresOf(
  extractor: FeatureExtractor,
  { resolution, dataset }: Measured,
  batches: AsyncIterable<Uint8Array>,
  count: number,
): Promise<FeatureSet> {
  const { length } = extractor, values = new Float32Array(count * length);
  let at = 0;
  for await (const batch of batches) {
    const shape = { resolution, channels: dataset.info.channels };
    const rows = await extractor.extract(batch, shape);
    values.set(rows, at);
    at += rows.length;
  }
  return { values, count, length };
}
