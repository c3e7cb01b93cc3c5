/** Draws images whose noise depends only on their own seeds, not on the rest of the batch. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import { noiseOf } from "../../latents/seeded.ts";
import { type StepRandom, withStepRandom } from "../../random.ts";
import type { LoadedRun } from "../loaded_run.ts";

/** An image's noise: its seed, or the noise itself, one array per draw. */
export type NoiseOf = number | readonly Float32Array[];

/** Options of {@linkcode drawImages}. */
export interface DrawImagesOptions {
  /** Noise of each image; its length is the number of images. */
  noise: readonly NoiseOf[];
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights: "ema" | "live";
  /** Called with the fraction drawn, 0 … 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Stacks rows into a tensor [rows, length]. */
export function stackRows(rows: readonly Float32Array[]): tf.Tensor2D {
  const length = rows[0]?.length ?? 0, data = new Float32Array(rows.length * length);
  rows.forEach((row, i) => data.set(row, i * length));
  return tf.tensor2d(data, [rows.length, length]);
}

/**
 * Draws images in chunks of at most a training batch.
 * @param draw tensor code that returns the images `from` … `to - 1` as [to - from, R, R, C]
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

/** Random draws for a batch in which each image has its own noise. */
function noiseOfImages(noise: readonly NoiseOf[]): StepRandom {
  const each = noise.map((one) => typeof one === "number" ? noiseOf(one) : givenNoise(one));
  const shared = noiseOf(0);
  const rows = (kind: "uniform" | "normal"): StepRandom["normal"] => (shape, draw) => {
    if (shape[0] !== noise.length) return shared[kind](shape, draw); // not one row per image
    return tf.tidy(() =>
      tf.concat(each.map((random) => random[kind]([1, ...shape.slice(1)], draw)), 0)
    );
  };
  return { uniform: rows("uniform"), normal: rows("normal") };
}

/** Replays given noise, in the order in which it is drawn. */
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
