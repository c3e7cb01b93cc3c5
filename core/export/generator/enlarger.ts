/** An exported generator that enlarges pictures, for programs and pages. */
import * as tf from "@tensorflow/tfjs";
import type { EnlargerFacts } from "./format.ts";
import type { ExportedFunctions } from "./functions.ts";
import { type Picture, rgbaOf } from "./picture.ts";

/** A picture in the layout of `ImageData`. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4]; transparent pixels are composited on white. */
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** Enlarges pictures of any size, tile by tile. */
export class Enlarger implements Disposable {
  readonly facts: EnlargerFacts;
  readonly #functions: ExportedFunctions;

  constructor(functions: ExportedFunctions, facts: EnlargerFacts) {
    this.#functions = functions;
    this.facts = facts;
  }

  /**
   * Enlarges by `facts.scale`. Each tile is read with a margin as wide as the network's receptive
   * field, so tiles fit without blending. A greyscale network processes colours with its own
   * function for them if it has one, otherwise the red, green and blue channels separately.
   * @param onTile receives the fraction done, 0 … 1
   */
  async enlarge(
    picture: RgbaPicture,
    { onTile, signal }: { onTile?: (done: number) => void; signal?: AbortSignal } = {},
  ): Promise<Picture> {
    const { scale, side, reach } = this.facts;
    const width = picture.width * scale, height = picture.height * scale;
    const values = new Float32Array(width * height * 3);
    const columns = Math.ceil(picture.width / side), rows = Math.ceil(picture.height / side);
    for (let i = 0; i < rows * columns; i++) {
      signal?.throwIfAborted();
      const x = cut(i % columns, columns, picture.width);
      const y = cut(Math.floor(i / columns), rows, picture.height);
      const outer = { x: around(x, reach, picture.width), y: around(y, reach, picture.height) };
      const tile = await this.#tile(picture, outer);
      const stride = (outer.x[1] - outer.x[0]) * scale;
      for (let row = y[0] * scale; row < y[1] * scale; row++) {
        const from = (row - outer.y[0] * scale) * stride + (x[0] - outer.x[0]) * scale;
        const line = tile.subarray(from * 3, (from + (x[1] - x[0]) * scale) * 3);
        values.set(line, (row * width + x[0] * scale) * 3);
      }
      onTile?.((i + 1) / (rows * columns));
    }
    return { width, height, channels: 3, values, rgba: rgbaOf(values, 3) };
  }

  [Symbol.dispose](): void {
    this.#functions.dispose();
  }

  async #tile(
    { data, width }: RgbaPicture,
    { x, y }: { x: Span; y: Span },
  ): Promise<Float32Array> {
    const low = new Float32Array((x[1] - x[0]) * (y[1] - y[0]) * 3);
    let at = 0;
    for (let row = y[0]; row < y[1]; row++) {
      for (let column = x[0]; column < x[1]; column++) {
        const pixel = (row * width + column) * 4, opacity = data[pixel + 3]! / 255; // in range
        for (let c = 0; c < 3; c++) {
          const onWhite = data[pixel + c]! * opacity + 255 * (1 - opacity);
          low[at++] = onWhite / 127.5 - 1;
        }
      }
    }
    const high = tf.tidy(() => {
      const image = tf.tensor4d(low, [1, y[1] - y[0], x[1] - x[0], 3]);
      const functions = this.#functions, own = "enlarge_colors";
      if (functions.has(own)) return functions.run(own, { low: image }).images as tf.Tensor4D;
      const parts = this.facts.channels === 1 ? tf.split<tf.Tensor4D>(image, 3, 3) : [image];
      return tf.concat(
        parts.map((low) => functions.run("enlarge", { low }).images!),
        3,
      );
    });
    try {
      return await high.data<"float32">();
    } finally {
      high.dispose();
    }
  }
}

/** Start and end in px. */
type Span = readonly [number, number];

/** The i-th of nearly equal parts. */
function cut(i: number, parts: number, length: number): Span {
  return [Math.round(i * length / parts), Math.round((i + 1) * length / parts)];
}

function around([from, to]: Span, reach: number, length: number): Span {
  return [Math.max(0, from - reach), Math.min(length, to + reach)];
}
