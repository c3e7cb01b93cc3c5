/** An exported generator of seeds' pictures, and what the model itself draws. */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { LatentFacts } from "../../core/export/generator/format.ts";
import { packGenerator } from "../../core/export/generator/pack.ts";
import {
  type DrawnModel,
  generateFunction,
  recordGraph,
  styleFunctions,
} from "../../core/export/mod.ts";
import { labelOf, latentOf, noiseOf } from "../../core/latents/seeded.ts";
import type { Model } from "../../core/plugin/mod.ts";
import { Random, seedFor, withStepRandom } from "../../core/random.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { LATENT_SIZE } from "./tiny_models.ts";

const step = new Random(seedFor(6, "direction")).normals(LATENT_SIZE);

/** Writes the two files that programs read. */
export async function writeGenerator(
  folder: string,
  drawn: DrawnModel & { model: Model },
  channels: number,
): Promise<void> {
  const styles = styleFunctions(drawn);
  const functions = styles
    ? {
      map: await recordGraph(styles.map, "input"),
      synthesize: await recordGraph(styles.synthesize, "input"),
    }
    : { generate: await recordGraph(generateFunction(drawn), "input") };
  const facts: LatentFacts = {
    kind: "latents",
    name: "tiny",
    imagesSeen: 16,
    resolution: 16,
    channels,
    latentSize: LATENT_SIZE,
    labels: [...drawn.labels],
    layers: styles ? drawn.model.styleLayers!() : 0, // it has styles
    truncationCutoff: null,
    directions: styles ? [{ name: "turn", layers: [0, 1] }] : [],
  };
  const files = packGenerator(facts, functions, {
    ...(styles ? { "direction/0": { values: step, shape: [LATENT_SIZE] } } : {}),
  });
  for (const [name, bytes] of Object.entries(files)) await writeWhole(join(folder, name), bytes);
}

/** The model's own picture of a seed. */
export function ownPicture({ model, labels, alpha }: DrawnModel, seed: number, truncation = 0.7) {
  return tf.tidy(() => {
    const z = tf.tensor2d(latentOf(seed, LATENT_SIZE), [1, LATENT_SIZE]);
    const label = labels.length > 0 ? [labelOf(seed, labels.length)] : undefined;
    const draw = () =>
      model.generate!(z, { // all of the models have it
        alpha,
        truncation,
        ...(label ? { labels: tf.tensor1d(label, "int32") } : {}),
      });
    return tf.clipByValue(withStepRandom(noiseOf(seed), draw), -1, 1).dataSync<"float32">().slice();
  });
}
