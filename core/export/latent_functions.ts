/** The functions that are exported of a model that draws from latents. */
import * as tf from "@tensorflow/tfjs";
import type { GenerateOptions, Model } from "../plugin/mod.ts";
import { ExportError } from "./export_error.ts";
import type { FunctionSpec } from "./record_graph.ts";

/** A model, and how it draws. */
export interface DrawnModel {
  model: Pick<Model, "generate" | "latentSize" | "latentSpace" | "styleLayers">;
  /** Classes that it is conditioned on. */
  labels: readonly string[];
  /** Fade-in weight of the newest block, 0 … 1. */
  alpha: number;
  /** The first style layer that is not truncated. */
  truncationCutoff?: number | undefined;
  /** Runs tensor code with the weights that are exported. */
  withWeights<T>(fn: () => T): T;
}

/**
 * Draws images [N, R, R, C] in [-1, 1] from z [N, latentSize], labels int32 [N] and truncation.
 * Inputs that the model doesn't read are omitted from the graph.
 * @throws ExportError if the model doesn't draw from latents alone
 */
export function generateFunction(drawn: DrawnModel): FunctionSpec {
  const { model: { generate, latentSize }, alpha, truncationCutoff, withWeights } = drawn;
  if (!generate || latentSize === undefined) {
    throw new ExportError("Cannot export: expected a model that draws from latents");
  }
  return {
    inputs: { z: { shape: ["N", latentSize] }, ...labelInput(drawn) },
    numbers: ["truncation"],
    run: ({ z, labels }, { truncation }) => {
      const options: GenerateOptions = {
        alpha,
        truncation: truncation!, // as declared in the inputs
        ...(truncationCutoff === undefined ? {} : { truncationCutoff }),
        ...(labels ? { labels: labels as tf.Tensor1D } : {}), // as declared in the inputs
      };
      const draw = () => tf.clipByValue(generate(z as tf.Tensor2D, options), -1, 1);
      return { images: withWeights(draw) };
    },
  };
}

/**
 * The two halves of a style-based generator: "map" from z to w, with and without truncation;
 * "synthesize" from one w per layer, [N, layers, F], to images.
 * @returns undefined if the model has no styles
 */
export function styleFunctions(
  drawn: DrawnModel,
): { map: FunctionSpec; synthesize: FunctionSpec } | undefined {
  const { model: { latentSpace: space, latentSize, styleLayers }, alpha, withWeights } = drawn;
  const layers = styleLayers?.() ?? 0;
  if (!space || latentSize === undefined || layers === 0) return undefined;
  return {
    map: {
      inputs: { z: { shape: ["N", latentSize] }, ...labelInput(drawn) },
      numbers: ["truncation"],
      run: ({ z, labels }, { truncation }) =>
        withWeights(() => {
          const classes = labels as tf.Tensor1D | undefined; // as declared in the inputs
          const w = space.map(z as tf.Tensor2D, classes);
          return { w, truncated: space.truncate(w, truncation!, classes) };
        }),
    },
    synthesize: {
      inputs: { styles: { shape: ["N", layers, space.size] } },
      run: ({ styles }) => {
        const each = () =>
          tf.split(styles!, layers, 1).map((one) => tf.reshape<tf.Rank.R2>(one, [-1, space.size]));
        const draw = () => tf.clipByValue(space.synthesize(each(), alpha), -1, 1);
        return { images: withWeights(draw) };
      },
    },
  };
}

function labelInput({ labels }: DrawnModel): FunctionSpec["inputs"] {
  return labels.length > 0 ? { labels: { shape: ["N"], dtype: "int32" } } : {};
}
