/**
 * How the dashboard's Explore page plays with a run: controls that a plugin declares, and what it
 * draws of their values.
 */
import type { HostImages } from "../images/mod.ts";
import type { OpenedRun } from "./opened_run.ts";
import type { Model } from "./model.ts";

/** A slider. */
export interface NumberControl {
  kind: "number";
  /** Beside it, e.g. "Width of lines". */
  label: string;
  minimum: number;
  maximum: number;
  /** Between neighbouring values. */
  step: number;
  initial: number;
}

/** One of several words, a class of the run's labels, say. */
export interface ChoiceControl {
  /** Its value is one of `options`, or null. */
  kind: "choice";
  label: string;
  /** What can be chosen; without any, the page leaves the control out and its value is null. */
  options: readonly string[];
  /** What null is called, e.g. "Let it choose"; it stands first. */
  none: string;
}

/**
 * A picture from the person's disk. The page shows what is drawn of it with a divider: before and
 * after.
 */
export interface ImageControl {
  /** Its value is the bytes of a PNG. */
  kind: "image";
  /** Above the field to drop it on. */
  label: string;
  /** px a side of the square that it is reduced to, unless the person wants its own size. */
  side: number;
}

/** A pad to draw on. */
export interface StrokesControl {
  /** Its value is the strokes; nothing is drawn of a blank pad. */
  kind: "strokes";
  /** What the pad is, for screen readers. */
  label: string;
}

/** A seed, and how many pictures are drawn from it on. */
export interface SeedControl {
  /** Its value is a list of seeds: one picture each, in their order. */
  kind: "seed";
  label: string;
  /** Seeds in the list, up to 64. */
  pictures: number;
}

/** A control of the page. */
export type ExploreControl =
  | NumberControl
  | ChoiceControl
  | ImageControl
  | StrokesControl
  | SeedControl;

/** Controls by name; the page shows them in this order. */
export type ExploreControls = Readonly<Record<string, ExploreControl>>;

/** A pen stroke: points [x, y] in 0 … 1 of the pad's side, from its top left corner. */
export type Strokes = readonly (readonly (readonly [x: number, y: number])[])[];

/** The value of a control, by its kind. */
export interface ControlValues {
  /** Within its ends. */
  number: number;
  choice: string | null;
  /** Bytes of a PNG. */
  image: Uint8Array;
  /** At least one stroke. */
  strokes: Strokes;
  /** As many as `pictures`. */
  seed: readonly number[];
}

/** The values of controls, by their names. */
export type ValuesOf<C extends ExploreControls> = {
  readonly [K in keyof C]: ControlValues[C[K]["kind"]];
};

/** What a plugin drew for the page. */
export interface ExploreDrawing extends HostImages {
  /** The same pictures as lines, one SVG each, in their order; the page shows and saves them. */
  svgs?: readonly string[];
}

/**
 * A way to play with a run whose images don't come from latents alone; write it in `defineExplore`.
 */
export interface PluginExplore<
  C extends ExploreControls = ExploreControls,
  M extends Model = Model,
> {
  /** What one does, e.g. "Enlarge an image". */
  title: string;
  /** What the pictures are, e.g. "Nine ways to go on with the sketch". */
  pictures: string;
  controls(run: OpenedRun<M>): C;
  /**
   * Pictures of the controls' values, checked; draw by the averaged generator (`run.withAverage`).
   */
  draw(run: OpenedRun<M>, values: ValuesOf<C>): Promise<ExploreDrawing>;
}

/**
 * Declares how the Explore page plays with runs of a plugin; `values` of `draw` get their types
 * from `controls`.
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
