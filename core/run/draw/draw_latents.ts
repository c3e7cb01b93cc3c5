/** Images of latents and of seeds. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawImages, stackRows } from "./draw_images.ts";
import { type DrawOptions, labelsOf, TRUNCATION, weightsOf } from "./draw_options.ts";
import { expectGenerator } from "./expect_generator.ts";

/** A latent, and the seed of the noise and the class of its image. */
export interface SeededLatent {
  /** z, [latentSize]. */
  latent: Float32Array;
  /** Of its noise, and of its class where none is wanted. */
  seed: number;
}

/**
 * Images of latents; a latent with its seed gives the same image of a checkpoint, whatever is drawn
 * beside it.
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

/** Images of seeds. See {@linkcode drawLatents}. */
export function drawSeeds(
  run: LoadedRun,
  seeds: readonly number[],
  options: DrawOptions = {},
): Promise<HostImages> {
  const { latentSize } = expectGenerator(run, "draw samples");
  const latents = seeds.map((seed) => ({ seed, latent: latentOf(seed, latentSize) }));
  return drawLatents(run, latents, options);
}
