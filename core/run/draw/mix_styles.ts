/** Style mixing: draws images that combine the styles of two seeds. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawImages, stackRows } from "./draw_images.ts";
import { type DrawOptions, labelsOf, TRUNCATION, weightsOf } from "./draw_options.ts";
import { expectGenerator, insteadOf } from "./expect_generator.ts";

/** How to mix styles. */
export interface MixStylesOptions extends DrawOptions {
  /** First layer with the fine seed's style, 1 … layers - 1. Default: half of the layers. */
  crossover?: number | undefined;
  /** Whether each layer takes the fine seed's style; overrides `crossover`. */
  layers?: readonly boolean[];
}

/** The two seeds of one image. */
export interface SeedPair {
  /** Seed of the styles of layers before the crossover, and of the noise. */
  coarse: number;
  /** Seed of the styles of layers from the crossover on. */
  fine: number;
}

/**
 * Number of layers that take a style.
 * @throws RunError where the model has no styles to cross
 */
export function styleLayers(run: LoadedRun): number {
  const { mix, styleLayers } = expectGenerator(run, "mix styles");
  const layers = styleLayers?.() ?? 0;
  if (mix && layers >= 2) return layers;
  throw new RunError(
    `Cannot mix styles of ${run.id}: expected a plugin with a style a layer, ${insteadOf(run)}`,
  );
}

/**
 * The first layer with the fine source's style.
 * @param count layers that take a style
 * @throws RunError where it is out of range, or would leave one source without a layer
 */
export function crossoverOf(
  run: LoadedRun,
  count: number,
  { crossover = Math.floor(count / 2), layers }: Pick<MixStylesOptions, "crossover" | "layers">,
): number {
  if (layers || crossover >= 1 && crossover < count) return crossover;
  throw new RunError(
    `Cannot mix at --crossover ${crossover}: expected 1 … ${count - 1}, for ${run.id} has ` +
      `${count} layers at ${run.resolution} px`,
  );
}

/**
 * Draws images of pairs of seeds.
 * @returns [N, R, R, C] in [-1, 1]
 * @throws RunError where the model can't mix styles, or the crossover is out of range
 */
export async function mixStyles(
  run: LoadedRun,
  pairs: readonly SeedPair[],
  options: MixStylesOptions = {},
): Promise<HostImages> {
  const count = styleLayers(run), { latentSize, mix } = expectGenerator(run, "mix styles");
  const { truncation = TRUNCATION, alpha = run.alpha, layers, onProgress } = options;
  const { truncationCutoff } = options, crossover = crossoverOf(run, count, options);
  const noise = pairs.map(({ coarse }) => coarse), labels = labelsOf(run, options.labels, noise);
  const weights = weightsOf(run, options.weights);
  return await drawImages(run, { noise, weights, onProgress }, (from, to) => {
    const latents = (which: keyof SeedPair) =>
      stackRows(pairs.slice(from, to).map((pair) => latentOf(pair[which], latentSize)));
    return mix!(latents("coarse"), latents("fine"), { // checked by styleLayers()
      alpha,
      truncation,
      crossover,
      ...(truncationCutoff === undefined ? {} : { truncationCutoff }),
      ...(layers ? { layers } : {}),
      ...(labels ? { labels: tf.tensor1d(labels.slice(from, to), "int32") } : {}),
    });
  });
}

/**
 * Pairs of a grid: the unmixed column seeds in the top row; then, in each row, its unmixed seed and
 * its mixtures with each column's.
 */
export function mixGrid(rows: readonly number[], columns: readonly number[]): SeedPair[] {
  return [
    ...columns.map((seed) => ({ coarse: seed, fine: seed })),
    ...rows.flatMap((coarse) => [coarse, ...columns].map((fine) => ({ coarse, fine }))),
  ];
}

/** Prepends a white cell, for the corner of a grid whose first row and column show the sources. */
export function withCorner({ data, shape }: HostImages): HostImages {
  const [count = 0, ...rest] = shape, cell = data.length / count;
  const out = new Float32Array(data.length + cell).fill(1);
  out.set(data, cell);
  return { data: out, shape: [count + 1, ...rest] };
}
