/**
 * A plugin's part of the dashboard's Explore page: the controls that it declares, and how it draws
 * pictures from their values.
 */
import type { HostImages } from "../images/mod.ts";
import type { OpenedRun } from "./opened_run.ts";
import type { Model } from "./model.ts";

/** A slider. */
export interface NumberControl {
  kind: "number";
  /** Shown beside the control, e.g. "Width of lines". */
  label: string;
  minimum: number;
  maximum: number;
  /** Distance between neighbouring values. */
  step: number;
  initial: number;
}

/** A choice from a list, e.g. of the run's classes. */
export interface ChoiceControl {
  /** Its value is one of `options`, or null. */
  kind: "choice";
  label: string;
  /** The options; without any, the page omits the control and its value is null. */
  options: readonly string[];
  /** Label of the null option, e.g. "Let it choose"; it comes first. */
  none: string;
}

/**
 * A picture from the user's disk. The page compares it with the drawn result, before and after,
 * with a movable divider.
 */
export interface ImageControl {
  /** Its value is the bytes of a PNG. */
  kind: "image";
  /** Shown above the drop area. */
  label: string;
  /**
   * Side of the square that the picture is scaled down to, px, unless the user wants its full size.
   */
  side: number;
}

/** A pad to draw on. */
export interface StrokesControl {
  /** Its value is the strokes; a blank pad draws nothing. */
  kind: "strokes";
  /** Describes the pad to screen readers. */
  label: string;
}

/** A seed, from which several pictures are drawn with consecutive seeds. */
export interface SeedControl {
  /** Its value is a list of seeds, one for each picture. */
  kind: "seed";
  label: string;
  /** Number of seeds, at most 64. */
  pictures: number;
}

export type ExploreControl =
  | NumberControl
  | ChoiceControl
  | ImageControl
  | StrokesControl
  | SeedControl;

/** Controls by name; the page shows them in this order. */
export type ExploreControls = Readonly<Record<string, ExploreControl>>;

/** Pen strokes: each a list of points [x, y], 0 … 1 from the pad's top left corner. */
export type Strokes = readonly (readonly (readonly [x: number, y: number])[])[];

/** The value of a control, by its kind. */
export interface ControlValues {
  /** Between `minimum` and `maximum`. */
  number: number;
  choice: string | null;
  /** Bytes of a PNG. */
  image: Uint8Array;
  /** At least one stroke. */
  strokes: Strokes;
  /** `pictures` seeds. */
  seed: readonly number[];
}

/** The values of controls by name. */
export type ValuesOf<C extends ExploreControls> = {
  readonly [K in keyof C]: ControlValues[C[K]["kind"]];
};

/** What a plugin drew for the page. */
export interface ExploreDrawing extends HostImages {
  /** The same pictures as line drawings, one SVG each; the page shows and saves these. */
  svgs?: readonly string[];
}

/**
 * How the Explore page handles a run whose images don't come from latents alone. Write it with
 * `defineExplore`, which infers types.
 */
export interface PluginExplore<
  C extends ExploreControls = ExploreControls,
  M extends Model = Model,
> {
  /** What the user does, e.g. "Enlarge an image". */
  title: string;
  /** What the pictures are, e.g. "Nine ways to go on with the sketch". */
  pictures: string;
  controls(run: OpenedRun<M>): C;
  /**
   * Draws pictures from the controls' values, which have been checked. Draw with the averaged
   * generator (`run.withAverage`).
   */
  draw(run: OpenedRun<M>, values: ValuesOf<C>): Promise<ExploreDrawing>;
}

/**
 * Declares how the Explore page handles runs of a plugin. The types of `values` in `draw` are
 * inferred from `controls`.
 *
 * @example
 * ```ts
 * import { defineExplore } from "cambium";
 *
 * export const stripes = defineExplore({
 *   title: "Draw stripes",
 *   pictures: "Stripes",
 *   controls: (run) => ({
 *     width: { kind: "number", label: "Width", minimum: 1, maximum: 8, step: 1, initial: 2 },
 *     colour: { kind: "choice", label: "Class", options: run.context.dataset.labels, none: "Any" },
 *   }),
 *   draw(_run, { width }) {
 *     const data = Float32Array.from({ length: 64 }, (_, i) => i % (2 * width) < width ? -1 : 1);
 *     return Promise.resolve({ data, shape: [1, 8, 8, 1] });
 *   },
 * });
 * ```
 */
export function defineExplore<const C extends ExploreControls, M extends Model = Model>(
  explore: PluginExplore<C, M>,
): PluginExplore<C, M> {
  return explore;
}
