/** Draws images from one style per layer: of seeds, projected pictures, and edits of both. */
import * as tf from "@tensorflow/tfjs";
import type { HostImages } from "../../images/mod.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawImages, stackRows } from "../draw/draw_images.ts";
import { type DrawOptions, labelsOf, TRUNCATION, weightsOf } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { beside } from "./beside.ts";
import { expectLatentSpace } from "./latent_space.ts";
import { readProjection } from "./projection_file.ts";
import type { StyledImage } from "./styled_image.ts";
import { haveSameWeights, withChanges } from "./weight_change.ts";

/** A seed, or "@NAME" for a picture that was projected into the run. */
export type Source = number | `@${string}`;

/** Whether all sources are seeds. */
export function areSeeds(sources: readonly Source[]): sources is readonly number[] {
  return sources.every((source) => typeof source === "number");
}

/**
 * Styles of sources. Truncation applies only to seeds, not to projected pictures.
 * @throws RunError where the model has no w, or a name is not that of a projected picture
 */
export async function stylesOf(
  run: LoadedRun,
  sources: readonly Source[],
  options: DrawOptions = {},
): Promise<StyledImage[]> {
  const { latentSize, space, layers } = expectLatentSpace(run, "use styles");
  const { truncation = TRUNCATION } = options, weights = weightsOf(run, options.weights);
  const seeds = sources.filter((source) => typeof source === "number");
  const labels = labelsOf(run, options.labels, seeds);
  const rows: Float32Array[] = [], whole: Float32Array[] = []; // truncated, and not truncated
  if (seeds.length > 0) {
    const map = () =>
      tf.tidy(() => {
        const z = stackRows(seeds.map((seed) => latentOf(seed, latentSize)));
        const classes = labels ? tf.tensor1d(labels, "int32") : undefined;
        const mapped = space.map(z, classes);
        return tf.stack([space.truncate(mapped, truncation, classes), mapped]); // [2, N, F]
      });
    const w = weights === "ema" ? run.withAverage(map) : map();
    const data = await w.data<"float32">();
    w.dispose();
    const rowOf = (i: number) => data.slice(i * space.size, (i + 1) * space.size);
    seeds.forEach((_, i) => {
      rows.push(rowOf(i));
      whole.push(rowOf(seeds.length + i));
    });
  }
  const { truncationCutoff = Infinity } = options;
  const found = rows.values(), mapped = whole.values(), images: StyledImage[] = [];
  for (const source of sources) {
    if (typeof source === "number") {
      const pulled = found.next().value!, w = mapped.next().value!; // one per seed
      const styles = Array.from({ length: layers }, (_, i) => i < truncationCutoff ? pulled : w);
      images.push({ styles, noise: source });
    } else images.push(await readProjection(run, source.slice(1)));
  }
  return images;
}

/** Draws images [N, R, R, C] in [-1, 1] from styles. */
export async function drawStyled(
  run: LoadedRun,
  images: readonly StyledImage[],
  options: Pick<DrawOptions, "weights" | "alpha" | "onProgress"> = {},
): Promise<HostImages> {
  const { space, layers } = expectLatentSpace(run, "draw styles");
  const { alpha = run.alpha, onProgress } = options, weights = weightsOf(run, options.weights);
  const drawn: HostImages[] = [];
  for (let from = 0, to: number; from < images.length; from = to) { // groups that share weights
    const { changes } = images[from]!;
    to = from + 1;
    while (to < images.length && haveSameWeights(images[to]!.changes, changes)) to++;
    const mine = images.slice(from, to), begun = from / images.length;
    const noise = mine.map((image) => image.noise);
    const progress = (fraction: number) =>
      onProgress?.(begun + fraction * mine.length / images.length);
    drawn.push(
      await drawImages(run, { noise, weights, onProgress: progress }, (first, end) => {
        const batch = mine.slice(first, end);
        const styles = Array.from(
          { length: layers },
          // one style per layer
          (_, layer) => stackRows(batch.map((image) => image.styles[layer]!)),
        );
        return withChanges(run, changes, () => space.synthesize(styles, alpha));
      }),
    );
  }
  return beside(drawn);
}
