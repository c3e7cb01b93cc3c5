/** Draws images of latents and of seeds. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawImages, stackRows } from "./draw_images.ts";
import { type DrawOptions, labelsOf, TRUNCATION, weightsOf } from "./draw_options.ts";
import { expectGenerator } from "./expect_generator.ts";

/** A latent, and the seed of its image's noise and class. */
export interface SeededLatent {
  /** z, [latentSize]. */
  latent: Float32Array;
  /** Seed of the noise, and of the class where no labels are given. */
  seed: number;
}

/**
 * Draws images of latents. With one checkpoint, a latent and its seed always give the same image,
 * whatever else is in the batch.
 * @returns [N, R, R, C] in [-1, 1]
 * @throws RunError where the model doesn't draw from latents alone
 */
export async function drawLatents(
  run: LoadedRun,
  latents: readonly SeededLatent[],
  options: DrawOptions = {},
): Promise<HostImages> {
  const model = expectGenerator(run, "draw samples");
  const { truncation = TRUNCATION, truncationCutoff, alpha = run.alpha, onProgress } = options;
  const noise = latents.map(({ seed }) => seed);
  const labels = labelsOf(run, options.labels, noise);
  return await drawImages(
    run,
    { noise, weights: weightsOf(run, options.weights), onProgress },
    (from, to) =>
      model.generate(stackRows(latents.slice(from, to).map(({ latent }) => latent)), {
        alpha,
        truncation,
        ...(truncationCutoff === undefined ? {} : { truncationCutoff }),
        ...(labels ? { labels: tf.tensor1d(labels.slice(from, to), "int32") } : {}),
      }),
  );
}

/** Draws images of seeds. See {@linkcode drawLatents}. */
export function drawSeeds(
  run: LoadedRun,
  seeds: readonly number[],
  options: DrawOptions = {},
): Promise<HostImages> {
  const { latentSize } = expectGenerator(run, "draw samples");
  const latents = seeds.map((seed) => ({ seed, latent: latentOf(seed, latentSize) }));
  return drawLatents(run, latents, options);
}
