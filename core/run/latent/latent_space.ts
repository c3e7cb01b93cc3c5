/** The latent space w of a run, and samples of it. */
import * as tf from "@tensorflow/tfjs";
import type { LatentSpace, Model } from "../../plugin/mod.ts";
import { Random, seedFor } from "../../random.ts";
import { stackRows } from "../draw/draw_images.ts";
import { labelsOf, weightsOf } from "../draw/draw_options.ts";
import { expectGenerator, insteadOf } from "../draw/expect_generator.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import type { HostMatrix } from "./directions_of.ts";

/** The parts of a model needed to work in its w. */
export interface StyledModel {
  /** Length of z. */
  latentSize: number;
  space: LatentSpace;
  /** Layers that take a style. */
  layers: number;
}

/**
 * The latent space w of a run's model.
 * @param what what is to be done, for the message "Cannot … of RUN", e.g. "project pictures"
 * @throws RunError where the model has no w
 */
export function expectLatentSpace(run: LoadedRun, what: string): StyledModel {
  const { latentSize } = expectGenerator(run, what),
    { latentSpace, styleLayers } = run.model as Model;
  const layers = styleLayers?.() ?? 0;
  if (latentSpace && layers > 0) return { latentSize, space: latentSpace, layers };
  throw new RunError(
    `Cannot ${what} of ${run.id}: expected a plugin with a style a layer, ${insteadOf(run)}`,
  );
}

/** Batch size of the mapping network. */
const CHUNK = 1000;

/** Options of {@linkcode drawManyW}. */
export interface DrawStylesOptions {
  count: number;
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights?: "ema" | "live" | undefined;
  /** Classes by name or number, used in turn; conditional runs only. Default: drawn at random. */
  labels?: readonly string[] | undefined;
}

/**
 * Maps standard normal z to w, without truncation. The z are the same each time.
 * @returns [count, F]
 */
export async function drawManyW(run: LoadedRun, options: DrawStylesOptions): Promise<HostMatrix> {
  const { latentSize, space } = expectLatentSpace(run, "draw w"), { count } = options;
  const weights = weightsOf(run, options.weights);
  const random = new Random(seedFor(0, "latent/w"));
  const numbers = Array.from({ length: count }, (_, i) => i);
  const labels = labelsOf(run, options.labels, numbers);
  const data = new Float32Array(count * space.size);
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK);
    const z = numbers.slice(from, to).map(() => random.normals(latentSize));
    const map = () =>
      tf.tidy(() =>
        space.map(
          stackRows(z),
          labels ? tf.tensor1d(labels.slice(from, to), "int32") : undefined,
        )
      );
    const w = weights === "ema" ? run.withAverage(map) : map();
    try {
      data.set(await w.data<"float32">(), from * space.size);
    } finally {
      w.dispose();
    }
  }
  return { data, rows: count, columns: space.size };
}

/**
 * The style weights of some layers on the host, [F, outputs] each.
 * @param layers layer numbers, from 0
 */
export async function styleMaps(
  run: LoadedRun,
  layers: readonly number[],
  wanted?: "ema" | "live",
): Promise<HostMatrix[]> {
  const { space } = expectLatentSpace(run, "factorise styles"), weights = weightsOf(run, wanted);
  const copies = () => layers.flatMap((layer) => space.styleWeights(layer)).map((m) => tf.clone(m));
  const maps = weights === "ema" ? run.withAverage(copies) : copies();
  try {
    return await Promise.all(maps.map(async (map) => {
      const [rows, columns] = map.shape;
      return { data: await map.data<"float32">(), rows, columns };
    }));
  } finally {
    tf.dispose(maps);
  }
}
