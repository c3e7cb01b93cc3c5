/** Finds the w, or one w per layer (w+), whose image matches a given picture. */
import * as tf from "@tensorflow/tfjs";
import { featureDistance } from "../../features/mod.ts";
import type { HostImages } from "../../images/mod.ts";
import type { NamedVariable } from "../../layers/mod.ts";
import { createAdam, lossGradients } from "../../optim/mod.ts";
import { randomNormal, seedFor, withStepRandom } from "../../random.ts";
import { weightsOf } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { meanOf } from "./directions_of.ts";
import { W_COUNT } from "./find_directions.ts";
import { drawManyW, expectLatentSpace } from "./latent_space.ts";
import { type Nearness, nearnessOf, tensorOf } from "./nearness.ts";
import { mapsAsNoise, noisePenalty, normalized, tracedNoise } from "./noise_maps.ts";
import type { PictureDistance } from "./picture_distance.ts";
import type { Projection } from "./projection_file.ts";
import { withWeights } from "./with_weights.ts";

/** How to search; all options but the distance have defaults. */
export interface ProjectOptions {
  /** Perceptual distance, used in addition to the pixels' error. */
  distance: PictureDistance;
  /** Steps in w; half as many follow in w+. Default 300. */
  steps?: number | undefined;
  /** "w": one w for all layers; "w+": afterwards one w per layer. Default "w+". */
  space?: "w" | "w+" | undefined;
  /** Whether noise maps are optimized as well. Default true. */
  noise?: boolean | undefined;
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights?: "ema" | "live" | undefined;
  /** Approximate number of images of the search to keep. Default 60. */
  frames?: number;
  /** Called with the progress, 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/** The result in w or w+. */
export interface Found extends Projection, Nearness {
  /** [1, R, R, C] in [-1, 1]. */
  image: HostImages;
}

/** A projected picture. */
export interface ProjectedPicture {
  /** At the start of the search: the mean w. */
  start: Nearness;
  w: Found;
  /** The result with one w per layer, if requested. */
  wPlus?: Found;
  /** Images of the search, [1, R, R, C] each. */
  frames: HostImages[];
}

/** Constants from Karras et al. 2020, appendix D, and their published code. */
const RATE = 0.1, RAMP_UP = 0.05, RAMP_DOWN = 0.25, NOISE = 0.05, NOISE_UNTIL = 0.75;
const NOISE_PENALTY = 1e5;

/**
 * Weight of the layers' mean squared distance from their mean in w+, in units of the variance of w:
 * keeps the picture editable.
 */
const TOGETHER = 0.02;

/** Learning rate in w+, lower since that search starts close to its optimum. */
const PLUS_RATE = 0.03;

/** Weight of the mean squared error of pixels in [-1, 1] relative to that of the features. */
const PIXELS = 1;

/** Learning rate at progress t, 0 … 1: linear ramp-up, half-cosine ramp-down. */
export function rateAt(t: number, rate = RATE): number {
  const down = Math.min(1, (1 - t) / RAMP_DOWN), up = Math.min(1, t / RAMP_UP);
  return rate * (0.5 - 0.5 * Math.cos(down * Math.PI)) * up;
}

/** Noise on w at progress t, 0 … 1, in standard deviations of w. */
export function noiseAt(t: number): number {
  return NOISE * Math.max(0, 1 - t / NOISE_UNTIL) ** 2;
}

/**
 * Projects a picture: starting from the mean of 10,000 w, Adam minimizes the distance of its image,
 * with noise on w that fades out and noise maps that are regularized to be white (Karras et al.
 * 2020, "Analyzing and Improving the Image Quality of StyleGAN", appendix D). With "w+", each
 * layer's w is then optimized separately from there.
 * @param picture [1, R, R, C] in [-1, 1]
 * @throws RunError where the model has no latent space w
 */
export async function projectPicture(
  run: LoadedRun,
  picture: HostImages,
  options: ProjectOptions,
): Promise<ProjectedPicture> {
  const { steps = 300, space: wanted = "w+", distance, noise: optimizesNoise = true } = options;
  const { space, layers } = expectLatentSpace(run, "project pictures");
  const weights = weightsOf(run, options.weights), { alpha } = run;
  const many = await drawManyW(run, { count: W_COUNT, weights });
  const mean = meanOf(many);
  let squares = 0;
  many.data.forEach((x, i) => squares += (x - mean[i % space.size]!) ** 2); // of one length
  const spread = Math.sqrt(squares / many.rows); // of the whole vector
  const keepEvery = Math.max(1, Math.round(1.5 * steps / (options.frames ?? 60)));
  const frames: HostImages[] = [], stages = wanted === "w+" ? 2 : 1;

  return await withWeights(run, weights, async () => {
    const target = tensorOf(picture);
    const seen = tf.tidy(() => distance.features(target));
    const first = tf.tensor2d(Float32Array.from(mean), [1, space.size]);
    const traced = tracedNoise(0, () => space.synthesize(Array(layers).fill(first), alpha));
    const maps = traced.map(({ shape, values }, i) =>
      variableOf(`noise${i}`, tf.tensor(values, shape))
    );
    const one = variableOf("w", first);
    // as they were drawn
    const noise = maps.map(({ variable }) => variable as tf.Variable<tf.Rank.R4>);
    const draw = (styles: tf.Tensor2D[]) =>
      withStepRandom(mapsAsNoise(noise), () => space.synthesize(styles, alpha));
    const inputs = Object.fromEntries([
      ["target", target],
      ...seen.map((map, i) => [`seen${i}`, map]),
    ]);

    /** Runs one search; `stylesOf` turns the variable into one w per layer. */
    async function search(
      moved: NamedVariable,
      stage: number,
      { steps, rate, jitter }: { steps: number; rate: number; jitter: number },
      stylesOf: (w: tf.Tensor2D) => tf.Tensor2D[],
    ): Promise<Found> {
      const variables = [moved, ...optimizesNoise ? maps : []];
      const optimizer = createAdam(variables, { beta1: 0.9, beta2: 0.999 });
      const w = moved.variable as tf.Variable<tf.Rank.R2>; // [1, F] or [layers, F]
      const step = run.backend.compile(`project:${stage}`, (given) =>
        tf.tidy(() => {
          const jitter = tf.mul<tf.Tensor2D>(
            randomNormal([w.shape[0], w.shape[1]]),
            given.strength!, // all are given below
          );
          const wanted = seen.map((_, i) => given[`seen${i}`] as tf.Tensor4D);
          const { value, gradients } = lossGradients(() => {
            const image = draw(stylesOf(tf.add(w, jitter)));
            const pixels = tf.mean(tf.square(tf.sub(image, given.target!)));
            const apart = tf.mean(tf.square(tf.sub(w, tf.mean(w, 0, true))));
            return tf.addN([
              featureDistance(distance.features(image), wanted),
              tf.mul(pixels, PIXELS),
              tf.mul(apart, TOGETHER * space.size / spread ** 2),
              ...optimizesNoise ? [tf.mul(noisePenalty(noise), NOISE_PENALTY)] : [],
            ] as tf.Scalar[]);
          }, variables);
          optimizer.apply(gradients, given.rate as tf.Scalar); // a number, below
          if (optimizesNoise) { for (const map of noise) map.assign(normalized(map)); }
          return { value };
        }));
      try {
        for (let i = 0; i < steps; i++) {
          const t = i / steps;
          const numbers = {
            rate: tf.scalar(rateAt(t, rate)),
            strength: tf.scalar(spread * jitter * noiseAt(t)),
          };
          const out = await step.run({ ...inputs, ...numbers }, seedFor(i, `project/${stage}`));
          tf.dispose([out, numbers]);
          if (i % keepEvery === 0) frames.push(await imageOf(stylesOf(w)));
          options.onProgress?.((stage + (i + 1) / steps) / stages);
        }
        const image = await imageOf(stylesOf(w));
        frames.push(image);
        const rows = tf.tidy(() => stylesOf(w).map((row) => row.dataSync<"float32">().slice()));
        return { styles: rows, noise: await valuesOf(noise), image, ...nearness(image) };
      } finally {
        step.dispose();
        optimizer.dispose();
      }
    }
    async function imageOf(styles: tf.Tensor2D[]): Promise<HostImages> {
      const image = tf.tidy(() => tf.clipByValue(draw(styles), -1, 1));
      const data = await image.data<"float32">();
      image.dispose();
      return { data, shape: picture.shape };
    }
    const nearness = (image: HostImages) => nearnessOf(image, picture, distance);

    let each: NamedVariable | undefined;
    try {
      const repeat = (w: tf.Tensor2D) => Array.from({ length: layers }, () => w);
      const start = nearness(await imageOf(repeat(first)));
      const w = await search(one, 0, { steps, rate: RATE, jitter: 1 }, repeat);
      if (wanted === "w") return { start, w, frames };
      // of [1, F]
      each = variableOf("w+", tf.tile(one.variable as tf.Variable<tf.Rank.R2>, [layers, 1]));
      const plus = { steps: Math.ceil(steps / 2), rate: PLUS_RATE, jitter: 0 };
      const wPlus = await search(each, 1, plus, (all) => tf.split(all, layers, 0));
      return { start, w, wPlus, frames };
    } finally {
      tf.dispose([target, seen]);
      for (const { variable } of [one, ...maps, ...each ? [each] : []]) variable.dispose();
    }
  });
}

/** A variable for Adam; disposes the value. */
function variableOf(path: string, value: tf.Tensor): NamedVariable {
  const variable = tf.variable(value);
  value.dispose();
  return { path, variable, trainable: true, learningRateMultiplier: 1, equalized: false };
}

async function valuesOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  return await Promise.all(tensors.map(async (t) => (await t.data<"float32">()).slice()));
}
