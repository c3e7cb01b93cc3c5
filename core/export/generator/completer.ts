/** An exported generator that continues drawings, for programs and pages. */
import * as tf from "@tensorflow/tfjs";
import { hostStepRandom, seedFor } from "../../random.ts";
import type { CompleterFacts } from "./format.ts";
import type { ExportedFunctions } from "./functions.ts";
import { type Picture, rgbaOf } from "./picture.ts";

/** A drawing with its next part, dark on light. */
export interface Completed extends Picture {
  /** The drawing together with the part, [R²] in [-1, 1]; ink is 1. */
  merged: Float32Array;
  /** The part alone. */
  part: Float32Array;
  /** The part's class, if the model has classes. */
  name?: string;
}

/** How a drawing is continued. */
export interface CompleteDrawingOptions {
  /** One candidate per seed; each equals the first candidate of `deno task complete --seed`. */
  seeds: readonly number[];
  /** Class of the part, by name. Default: the most likely one. */
  part?: string;
  /** Index of the step if several parts are drawn in sequence. Default 0. */
  step?: number;
}

/** Draws the next parts of drawings. */
export class Completer implements Disposable {
  readonly facts: CompleterFacts;
  readonly #functions: ExportedFunctions;

  constructor(functions: ExportedFunctions, facts: CompleterFacts) {
    this.#functions = functions;
    this.facts = facts;
  }

  /**
   * Continues a drawing.
   * @param partial its raster, [R²] in [-1, 1]; ink is 1
   * @throws RangeError for a raster of another size, or an unknown class
   */
  async complete(partial: Float32Array, options: CompleteDrawingOptions): Promise<Completed[]> {
    const { resolution, classes } = this.facts;
    if (partial.length !== resolution ** 2) {
      throw new RangeError(
        `Cannot complete: expected a raster of ${resolution}² numbers, received ${partial.length}`,
      );
    }
    const image = tf.tensor4d(partial, [1, resolution, resolution, 1]);
    try {
      const label = classes.length > 0 ? await this.#label(image, options.part) : undefined;
      const completed: Completed[] = [];
      for (const seed of options.seeds) {
        const { part, merged } = await this.#draw(image, label, seed, options.step ?? 0);
        const values = merged.map((ink) => -ink), width = resolution, height = resolution;
        const name = label === undefined ? {} : { name: classes[label]! }; // one of them
        completed.push(
          { width, height, channels: 1, values, rgba: rgbaOf(values, 1), part, merged, ...name },
        );
      }
      return completed;
    } finally {
      image.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.#functions.dispose();
  }

  async #label(partial: tf.Tensor4D, wanted: string | undefined): Promise<number> {
    const { classes } = this.facts;
    if (wanted !== undefined) {
      const label = classes.indexOf(wanted);
      if (label >= 0) return label;
      throw new RangeError(`Cannot draw ${wanted}: expected one of ${classes.join(", ")}`);
    }
    const logits = this.#functions.run("next_part", { partial }).logits!;
    try {
      const values = [...await logits.data()];
      return values.indexOf(Math.max(...values));
    } finally {
      logits.dispose();
    }
  }

  async #draw(
    partial: tf.Tensor4D,
    label: number | undefined,
    seed: number,
    step: number,
  ): Promise<{ part: Float32Array; merged: Float32Array }> {
    const random = hostStepRandom(seedFor(seed, "complete/0", step)), { latentSize } = this.facts;
    const drawn = tf.tidy(() => {
      const inputs: Record<string, tf.Tensor> = { partial };
      if (latentSize > 0) inputs.z = random.normal([1, latentSize], 0);
      if (label !== undefined) inputs.labels = tf.tensor1d([label], "int32");
      for (const { name, shape } of this.#functions.inputsOf("complete")) {
        const map = /^noise(\d+)$/.exec(name)?.[1];
        if (map === undefined) continue;
        const sides = shape.map((side) => typeof side === "number" ? side : 1);
        // The latent is draw 0, so the noise maps follow it.
        inputs[name] = random.normal(sides, Number(map) + (latentSize > 0 ? 1 : 0));
      }
      return this.#functions.run("complete", inputs);
    });
    try {
      const [part, merged] = await Promise.all([drawn.part!, drawn.merged!].map((t) => t.data()));
      return { part: part as Float32Array, merged: merged as Float32Array }; // both float32
    } finally {
      tf.dispose(drawn);
    }
  }
}
