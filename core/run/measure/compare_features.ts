/** How a run's images compare with its data in the eyes of a frozen network. */
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

/** Figures of one network's features, each beside that of as many other reals. */
export interface FeatureComparison {
  features: string;
  /** Kernel distance of the generated images to the reals. */
  kid: KidResult;
  /** Of other reals to the same reals. */
  kidFloor: KidResult;
  samples: DensityCoverage;
  reals: DensityCoverage;
  /** Images of each of the three sets. */
  images: number;
}

/** The fewest images of a set: coverage looks at each one's five nearest. */
export const FEWEST_COMPARED = 6;

/** What is kept of the reals, which stay the same while a run trains. */
export type KnownReals = Map<string, { real: FeatureSet; other: FeatureSet; floor: RealFigures }>;

type RealFigures = Pick<FeatureComparison, "kidFloor" | "reals">;

/**
 * KID, density and coverage. Data with fewer than twice the wanted images is cut into halves, since
 * the floor needs as many other reals.
 * @param known receives what the reals give, and is asked for it before
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

/** The most training images that are looked through for copies. */
const MOST_TRAINED = 20_000;

/** Copies, and where they lie in the order of the data's `seed`. */
export interface CopiesFound extends Memorization {
  /** Generated images. */
  samples: number;
  /** Training images that were looked through. */
  trained: number;
}

/**
 * Looks for generated images that repeat training images, beside held-out ones.
 * @throws RangeError where none are held out
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
