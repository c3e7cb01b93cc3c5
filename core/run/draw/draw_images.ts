/** Images of seeds: a seed gives the same image of a checkpoint, whatever is drawn beside it. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import { noiseOf } from "../../latents/seeded.ts";
import { type StepRandom, withStepRandom } from "../../random.ts";
import type { LoadedRun } from "../loaded_run.ts";

/** Of an image: the seed of its noise, or its noise itself, one array a draw. */
export type NoiseOf = number | readonly Float32Array[];

/** How {@linkcode drawImages} works through its images. */
export interface DrawImagesOptions {
  /** Noise of each image; its length is the number of images. */
  noise: readonly NoiseOf[];
  /** The averaged generator, or the one that trains. */
  weights: "ema" | "live";
  /** Told how much is drawn, 0 … 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Rows as a tensor [rows, length]. */
export function stackRows(rows: readonly Float32Array[]): tf.Tensor2D {
  const length = rows[0]?.length ?? 0, data = new Float32Array(rows.length * length);
  rows.forEach((row, i) => data.set(row, i * length));
  return tf.tensor2d(data, [rows.length, length]);
}

/**
 * Draws images, at most a training batch at a time.
 * @param draw tensor code: images [to - from, R, R, C] of the images `from` … `to - 1`
 */
export async function drawImages(
  run: Pick<LoadedRun, "training" | "withAverage">,
  { noise, weights, onProgress }: DrawImagesOptions,
  draw: (from: number, to: number) => tf.Tensor4D,
): Promise<HostImages> {
  const chunk = run.training.position().phase.batchSize;
  let out: { data: Float32Array; shape: number[] } | undefined;
  for (let from = 0; from < noise.length; from += chunk) {
    const to = Math.min(noise.length, from + chunk);
    const seeded = () =>
      tf.tidy(() =>
        withStepRandom(
          noiseOfImages(noise.slice(from, to)),
          () => tf.clipByValue(draw(from, to), -1, 1),
        )
      );
    const images = weights === "ema" ? run.withAverage(seeded) : seeded();
    try {
      const data = await images.data() as Float32Array; // images are float32
      out ??= {
        data: new Float32Array(noise.length * data.length / (to - from)),
        shape: [noise.length, ...images.shape.slice(1)],
      };
      out.data.set(data, from * data.length / (to - from));
    } finally {
      images.dispose();
    }
    onProgress?.(to / noise.length);
  }
  if (!out) throw new RangeError("Cannot draw: expected at least one image, received none");
  return out;
}

/** Draws for a batch in which each image has noise of its own. */
function noiseOfImages(noise: readonly NoiseOf[]): StepRandom {
  const each = noise.map((one) => typeof one === "number" ? noiseOf(one) : givenNoise(one));
  const shared = noiseOf(0);
  const rows = (kind: "uniform" | "normal"): StepRandom["normal"] => (shape, draw) => {
    if (shape[0] !== noise.length) return shared[kind](shape, draw); // not by image
    return tf.tidy(() =>
      tf.concat(each.map((random) => random[kind]([1, ...shape.slice(1)], draw)), 0)
    );
  };
  return { uniform: rows("uniform"), normal: rows("normal") };
}

/** Noise that is there already, in the order in which it is drawn. */
export function givenNoise(maps: readonly Float32Array[]): StepRandom {
  return {
    normal(shape, draw) {
      const map = maps[draw], size = shape.reduce((a, b) => a * b, 1);
      if (map?.length === size) return tf.tensor(map, shape);
      throw new RangeError(
        `Cannot draw with given noise: expected ${size} numbers as draw ${draw}, received ${
          map?.length ?? "none"
        }`,
      );
    },
    uniform() {
      throw new TypeError(
        "Cannot draw with given noise: expected normal draws, received a uniform one",
      );
    },
  };
}
