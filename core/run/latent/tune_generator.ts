/** Tunes a generator around a projected picture, so that it draws that picture exactly. */
import * as tf from "@tensorflow/tfjs";
import { featureDistance } from "../../features/mod.ts";
import type { HostImages } from "../../images/mod.ts";
import { createAdam, lossGradients } from "../../optim/mod.ts";
import { seedFor, withStepRandom } from "../../random.ts";
import { weightsOf } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { meanOf } from "./directions_of.ts";
import { drawManyW, expectLatentSpace } from "./latent_space.ts";
import { mapsAsNoise, tracedNoise } from "./noise_maps.ts";
import { type Nearness, nearnessOf, tensorOf } from "./nearness.ts";
import type { PictureDistance } from "./picture_distance.ts";
import type { Projection } from "./projection_file.ts";
import type { WeightChange } from "./weight_change.ts";
import { withWeights } from "./with_weights.ts";

/** How to tune; all options but the distance have defaults. */
export interface TuneOptions {
  /** Perceptual distance, used in addition to the pixels' error. */
  distance: PictureDistance;
  /** Optimizer steps. Default {@linkcode TUNE_STEPS}. */
  steps?: number | undefined;
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights?: "ema" | "live" | undefined;
  /** Approximate number of intermediate images to keep. Default 30. */
  frames?: number;
  /** Called with the progress, 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/** The result of tuning, and the image that it draws at the pivot. */
export interface TunedGenerator extends Nearness {
  change: WeightChange;
  /** [1, R, R, C] in [-1, 1]. */
  image: HostImages;
  /** Intermediate images, [1, R, R, C] each. */
  frames: HostImages[];
}

/**
 * Steps and learning rate of Adam from Roich et al. 2021, section 4, and their published settings.
 */
export const TUNE_STEPS = 350;
const RATE = 3e-4;

/** Weight of the locality regularization, λ_R in their equation 6. */
const LOCALITY = 0.1;

/** Number of other w whose images should not change; one per step, in turn. */
const OTHERS = 64;

/**
 * Pivotal tuning (Roich et al. 2021, "Pivotal Tuning for Latent-based Editing of Real Images"): the
 * pivot and its noise are fixed, and Adam optimizes the generator's weights until the pivot's image
 * matches the picture (equation 3). Locality regularization keeps the surroundings unchanged: at
 * every step the image of another w, between the pivot and a random w, must look as it did with the
 * original weights (equations 4 to 6). That w is one standard deviation of w away from the pivot:
 * the paper's α of 30 is a length that fits its own networks.
 * @param picture [1, R, R, C] in [-1, 1]
 * @throws RunError where the model has no latent space w
 */
export async function tuneGenerator(
  run: LoadedRun,
  picture: HostImages,
  pivot: Projection,
  options: TuneOptions,
): Promise<TunedGenerator> {
  const { steps = TUNE_STEPS, distance, onProgress } = options;
  const { space, layers } = expectLatentSpace(run, "tune the generator"), { alpha } = run;
  const weights = weightsOf(run, options.weights);
  const near = await stylesAround(run, pivot, weights);
  const keepEvery = Math.max(1, Math.round(steps / (options.frames ?? 30)));

  return await withWeights(run, weights, async () => {
    const variables = run.model.generator.variables().filter(({ trainable }) => trainable);
    const before = variables.map(({ variable }) => variable.clone());
    const rows = (all: readonly Float32Array[]) => all.map((w) => tf.tensor2d(w, [1, space.size]));
    const styles = rows(pivot.styles);
    const shapes = tracedNoise(0, () => space.synthesize(styles, alpha));
    // one shape per map
    const maps = pivot.noise.map((values, i) => tf.tensor(values, shapes[i]!.shape));
    const draw = (styles: readonly tf.Tensor2D[]) =>
      withStepRandom(mapsAsNoise(maps), () => space.synthesize(styles, alpha));
    const target = tensorOf(picture), seen = tf.tidy(() => distance.features(target));
    const others = near.map((all) => {
      const styles = rows(all);
      return { styles, image: tf.tidy(() => draw(styles)) };
    });
    const optimizer = createAdam(variables, { beta1: 0.9, beta2: 0.999 });
    const apart = (image: tf.Tensor4D, features: tf.Tensor4D[], wanted: tf.Tensor) =>
      tf.add<tf.Scalar>(
        featureDistance(distance.features(image), features),
        tf.mean(tf.square(tf.sub(image, wanted))),
      );
    const step = run.backend.compile("project:tune", (given) =>
      tf.tidy(() => {
        const wanted = seen.map((_, i) => given[`seen${i}`] as tf.Tensor4D); // all are given below
        const named = (name: string) =>
          Array.from({ length: layers }, (_, i) => given[`${name}${i}`] as tf.Tensor2D);
        const other = given.other as tf.Tensor4D;
        const { value, gradients } = lossGradients(() => {
          const mine = apart(draw(named("pivot")), wanted, given.target!);
          const theirs = apart(draw(named("near")), distance.features(other), other);
          return tf.add<tf.Scalar>(mine, tf.mul(theirs, LOCALITY));
        }, variables);
        optimizer.apply(gradients, given.rate as tf.Scalar);
        return { value };
      }));
    const numbered = (name: string, tensors: readonly tf.Tensor[]) =>
      Object.fromEntries(tensors.map((tensor, i) => [`${name}${i}`, tensor]));
    const rate = tf.scalar(RATE);
    const inputs = { target, rate, ...numbered("seen", seen), ...numbered("pivot", styles) };
    const frames: HostImages[] = [];
    const imageNow = async (): Promise<HostImages> => {
      const image = tf.tidy(() => tf.clipByValue(draw(styles), -1, 1));
      const data = await image.data<"float32">();
      image.dispose();
      return { data, shape: picture.shape };
    };
    try {
      for (let i = 0; i < steps; i++) {
        const { styles, image } = others[i % others.length]!;
        const given = { ...inputs, ...numbered("near", styles), other: image };
        tf.dispose(await step.run(given, seedFor(i, "project/tune")));
        if (i % keepEvery === 0) frames.push(await imageNow());
        onProgress?.((i + 1) / steps);
      }
      const image = await imageNow(), change = new Map<string, Float32Array>();
      frames.push(image);
      for (const [i, { path, variable }] of variables.entries()) {
        const moved = tf.tidy(() => tf.sub(variable, before[i]!)); // one each
        const numbers = (await moved.data<"float32">()).slice();
        moved.dispose();
        if (numbers.some((x) => x !== 0)) change.set(path, numbers);
      }
      return { change, image, frames, ...nearnessOf(image, picture, distance) };
    } finally {
      variables.forEach(({ variable }, i) => variable.assign(before[i]!)); // one each
      step.dispose();
      optimizer.dispose();
      tf.dispose([
        before,
        styles,
        maps,
        target,
        seen,
        rate,
        others.map((o) => [o.styles, o.image]),
      ]);
    }
  });
}

/**
 * Styles one standard deviation of w away from the pivot, in the directions of random w; one w per
 * layer each.
 */
async function stylesAround(
  run: LoadedRun,
  { styles }: Projection,
  weights: "ema" | "live",
): Promise<Float32Array[][]> {
  const drawn = await drawManyW(run, { count: 1000, weights }), { columns, data } = drawn;
  const mean = meanOf(drawn);
  let squares = 0;
  data.forEach((x, i) => squares += (x - mean[i % columns]!) ** 2); // of one length
  const length = Math.sqrt(squares / drawn.rows);
  const centre = Float32Array.from(
    mean,
    (_, i) => styles.reduce((sum, w) => sum + w[i]! / styles.length, 0),
  ); // as long
  return Array.from({ length: OTHERS }, (_, row) => {
    const way = centre.map((x, i) => data[row * columns + i]! - x);
    const scale = length / (Math.hypot(...way) || 1);
    return styles.map((w) => w.map((x, i) => x + scale * way[i]!));
  });
}
