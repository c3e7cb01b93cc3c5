/** What `deno task export` exports of a model that doesn't draw from latents alone. */
import type * as tf from "@tensorflow/tfjs";

/** A tensor function for other programs to run. */
export interface ExportedFunction {
  /**
   * Dimensions are numbers, or letters for those known only at run time: "N" for the batch, "H" and
   * "W" for height and width.
   */
  readonly inputs: Readonly<
    Record<string, { shape: readonly (number | string)[]; dtype?: "float32" | "int32" }>
  >;
  /**
   * Tensor code, recorded with inputs of several sizes. `randomNormal()` may only be used for noise
   * maps [N or 1, H, W, 1].
   */
  run(inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/**
 * A model that enlarges pictures; its functions take "low" and return "images", both in [-1, 1].
 * "enlarge_colors" takes RGB where the model was trained on grey pictures; without it, such a
 * model's "enlarge" is applied to red, green and blue separately.
 */
export interface ExportedEnlarger {
  readonly kind: "enlarge";
  readonly scale: number;
  /** Receptive field of an output pixel: input pixels to each side on which it depends. */
  readonly reach: number;
  /** Largest side of an input tile that fits into memory, px. */
  readonly side: number;
  readonly functions: {
    readonly enlarge: ExportedFunction;
    readonly enlarge_colors?: ExportedFunction;
  };
}

/**
 * A model that draws the next part of a drawing; rasters are [N, R, R, 1] in [-1, 1], ink is 1.
 * "complete" takes "partial", "z" and "labels" and returns "part" and "merged"; "next_part" takes
 * "partial" and returns "logits" of the classes.
 */
export interface ExportedCompleter {
  readonly kind: "complete";
  /** Classes of parts; empty where there are none. */
  readonly classes: readonly string[];
  /** Length of z; 0 where the model takes none. */
  readonly latentSize: number;
  /** Line width of the rasters, px. */
  readonly lineWidth: number;
  readonly functions: {
    readonly complete: ExportedFunction;
    readonly next_part?: ExportedFunction;
  };
}

/**
 * A model that first finds the place of a drawing's next part, then draws it there. Between its
 * functions, the program crops rasters and places lines, so that no web page is exported for it.
 */
export interface ExportedPlacer {
  readonly kind: "place";
  /** Describes, in Markdown, what the program does between the functions. */
  readonly steps: string;
  /** The first one draws. */
  readonly functions: Readonly<Record<string, ExportedFunction>>;
}

/** An exported model; its kind decides what the exported page does. */
export type ExportedModel = ExportedEnlarger | ExportedCompleter | ExportedPlacer;
