/**
 * What `deno task export` takes of a model that doesn't draw from latents alone.
 */
import type * as tf from "@tensorflow/tfjs";

/** A function that other programs run. */
export interface ExportedFunction {
  /**
   * Sizes are numbers, or letters for what is known when it runs: "N" for the batch, "H" and "W".
   */
  readonly inputs: Readonly<
    Record<string, { shape: readonly (number | string)[]; dtype?: "float32" | "int32" }>
  >;
  /**
   * Tensor code; it is recorded, with inputs of several sizes. Draws of `randomNormal()` must be
   * noise maps [N or 1, H, W, 1].
   */
  run(inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/**
 * A model that enlarges pictures; its functions take "low" and give "images", both in [-1, 1].
 * "enlarge_colors" takes RGB where the model is of grey pictures; without it, a grey model's
 * "enlarge" takes red, green and blue one after the other.
 */
export interface ExportedEnlarger {
  readonly kind: "enlarge";
  readonly scale: number;
  /** Input pixels to each side on which an output pixel depends. */
  readonly reach: number;
  /** Longest side of a tile of the input that memory allows, px. */
  readonly side: number;
  readonly functions: {
    readonly enlarge: ExportedFunction;
    readonly enlarge_colors?: ExportedFunction;
  };
}

/**
 * A model that draws the next part of a drawing; rasters are [N, R, R, 1] in [-1, 1], ink is 1.
 * "complete" takes "partial", "z" and "labels" and gives "part" and "merged"; "next_part" takes
 * "partial" and gives "logits" of the classes.
 */
export interface ExportedCompleter {
  readonly kind: "complete";
  /** Classes of parts; empty: none. */
  readonly classes: readonly string[];
  /** Length of z; 0: none. */
  readonly latentSize: number;
  /** Of rasters, px. */
  readonly lineWidth: number;
  readonly functions: {
    readonly complete: ExportedFunction;
    readonly next_part?: ExportedFunction;
  };
}

/**
 * A model that finds the place of a drawing's next part first, and draws it there. Programs crop
 * and lay lines between its functions, so that there is no page of it.
 */
export interface ExportedPlacer {
  readonly kind: "place";
  /** What is done between the functions, in Markdown. */
  readonly steps: string;
  /** The first is what draws. */
  readonly functions: Readonly<Record<string, ExportedFunction>>;
}

/** By kind, which decides what the exported page does. */
export type ExportedModel = ExportedEnlarger | ExportedCompleter | ExportedPlacer;
