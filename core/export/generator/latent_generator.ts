/** An exported generator that draws from latents, for programs and pages. */
import * as tf from "@tensorflow/tfjs";
import { labelOf, latentOf, noiseOf } from "../../latents/seeded.ts";
import type { LatentFacts } from "./format.ts";
import type { ExportedFunctions } from "./functions.ts";
import { type Picture, picturesOf } from "./picture.ts";

/** How a picture is drawn; everything but the seed has a default. */
export interface DrawPictureOptions {
  /** Equal seeds give equal pictures, the same as `deno task sample` draws. */
  seed: number;
  /** Truncation ψ: 1 draws from the whole distribution, 0 the mean picture. Default 0.7. */
  truncation?: number;
  /** A class by name or index. Default: derived from the seed. */
  label?: string | number;
  /** Steps along directions, by name: `{ sefa3: 2.5 }`. */
  directions?: Readonly<Record<string, number>>;
  /** Takes the style of another seed for the layers from a given one on: `{ seed: 4, from: 6 }`. */
  mix?: { seed: number; from: number };
  /** A custom latent, [latentSize], instead of the seed's. */
  latent?: Float32Array;
}

/** The default truncation. */
const TRUNCATION = 0.7;

/** Draws pictures from seeds and latents. */
export class LatentGenerator implements Disposable {
  readonly facts: LatentFacts;
  readonly #functions: ExportedFunctions;

  constructor(functions: ExportedFunctions, facts: LatentFacts) {
    this.#functions = functions;
    this.facts = facts;
  }

  async generate(options: DrawPictureOptions): Promise<Picture> {
    const [picture] = await this.generateMany([options]);
    return picture!; // one was requested
  }

  /**
   * Draws several pictures in one batch.
   * @throws RangeError for an unknown class, layer or direction
   */
  async generateMany(all: readonly DrawPictureOptions[]): Promise<Picture[]> {
    const images = tf.tidy(() => this.facts.layers > 0 ? this.#styled(all) : this.#plain(all));
    return await picturesOf(images);
  }

  /** The index of a class given by name or index; by default it is derived from the seed. */
  labelOf({ seed, label }: Pick<DrawPictureOptions, "seed" | "label">): number {
    const { labels } = this.facts;
    if (label === undefined) return labels.length > 0 ? labelOf(seed, labels.length) : 0;
    const number = typeof label === "number" ? label : labels.indexOf(label);
    if (Number.isInteger(number) && number >= 0 && number < labels.length) return number;
    throw new RangeError(
      `Cannot draw ${label}: expected ${
        labels.length > 0 ? `one of ${labels.join(", ")}` : "no class, for there are none"
      }`,
    );
  }

  [Symbol.dispose](): void {
    this.#functions.dispose();
  }

  /** z, classes and truncation as inputs. */
  #latents(all: readonly DrawPictureOptions[], truncation: number): Record<string, tf.Tensor> {
    const { latentSize } = this.facts, z = new Float32Array(all.length * latentSize);
    all.forEach(({ seed, latent = latentOf(seed, latentSize) }, i) => {
      if (latent.length !== latentSize) {
        throw new RangeError(
          `Cannot draw: expected a latent of ${latentSize} numbers, received ${latent.length}`,
        );
      }
      z.set(latent, i * latentSize);
    });
    return {
      z: tf.tensor2d(z, [all.length, latentSize]),
      labels: tf.tensor1d(Int32Array.from(all, (one) => this.labelOf(one)), "int32"),
      truncation: tf.scalar(truncation),
    };
  }

  #plain(all: readonly DrawPictureOptions[]): tf.Tensor4D {
    if (all.some(({ mix, directions = {} }) => mix || Object.keys(directions).length > 0)) {
      throw new RangeError("Cannot mix or steer: expected a generator with styles");
    }
    const parts = all.map((one) => {
      const inputs = this.#latents([one], one.truncation ?? TRUNCATION);
      const noise = this.#noise("generate", [one]);
      return this.#functions.run("generate", { ...inputs, ...noise }).images as tf.Tensor4D;
    });
    return tf.concat(parts, 0);
  }

  #styled(all: readonly DrawPictureOptions[]): tf.Tensor4D {
    const styles = tf.stack(all.map((one) => this.#stylesOf(one))); // [N, layers, F]
    const noise = this.#noise("synthesize", all);
    return this.#functions.run("synthesize", { styles, ...noise }).images as tf.Tensor4D;
  }

  /** One w per layer, [layers, F]. */
  #stylesOf(one: DrawPictureOptions): tf.Tensor {
    const { layers, truncationCutoff, directions } = this.facts;
    const { mix, directions: amounts = {}, truncation = TRUNCATION } = one;
    const own = this.#mapped(one, truncation);
    // The other seed's style, of the same class.
    const label = this.facts.labels.length > 0 ? { label: this.labelOf(one) } : {};
    const other = mix && this.#mapped({ seed: mix.seed, ...label }, truncation);
    if (mix && !(mix.from >= 0 && mix.from <= layers)) {
      throw new RangeError(`Cannot mix from layer ${mix.from}: expected 0 … ${layers}`);
    }
    const moves = Object.entries(amounts).map(([name, amount]) => {
      const index = directions.findIndex((direction) => direction.name === name);
      if (index < 0) {
        throw new RangeError(
          `Cannot go along ${name}: expected one of ${directions.map((d) => d.name).join(", ")}`,
        );
      }
      const step = tf.mul(this.#functions.array(`direction/${index}`), amount);
      return { step, layers: directions[index]!.layers }; // found
    });
    const rows = Array.from({ length: layers }, (_, layer) => {
      const { w, truncated } = other && layer >= mix!.from ? other : own;
      const style = layer < (truncationCutoff ?? Infinity) ? truncated : w;
      const mine = moves.filter((move) => move.layers.includes(layer));
      return mine.reduce((sum, { step }) => tf.add(sum, step), style);
    });
    return tf.stack(rows);
  }

  /** The mapped w of one picture, without and with truncation, [F] each. */
  #mapped(one: DrawPictureOptions, truncation: number): { w: tf.Tensor; truncated: tf.Tensor } {
    const { w, truncated } = this.#functions.run("map", this.#latents([one], truncation));
    return { w: tf.squeeze(w!, [0]), truncated: tf.squeeze(truncated!, [0]) };
  }

  /** Noise maps, drawn from each picture's own seed. */
  #noise(name: string, all: readonly DrawPictureOptions[]): Record<string, tf.Tensor> {
    const maps: Record<string, tf.Tensor> = {}, seeds = all.map(({ seed }) => noiseOf(seed));
    for (const { name: input, shape } of this.#functions.inputsOf(name)) {
      const draw = /^noise(\d+)$/.exec(input)?.[1];
      if (draw === undefined) continue;
      const [, ...sides] = shape as readonly number[]; // the batch, and numbers
      maps[input] = tf.concat(seeds.map((random) => random.normal([1, ...sides], Number(draw))));
    }
    return maps;
  }
}
