/** Enlarges an image of any size in overlapping tiles within a bound of memory. */
import { tf } from "../../../core/mod.ts";

/** Pixels, rows from the top, of 8 bits or 16. */
export interface Pixels {
  data: Uint8Array | Uint16Array; // [height, width, channels]
  width: number;
  height: number;
  channels: number;
}

/** A rectangle. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A tile: what it answers for, and what is read for that. */
export interface Tile {
  inner: Box;
  outer: Box;
}

/**
 * Cuts an image into tiles of nearly one size; each reads `margin` pixels more on every side that
 * is inside.
 * @param size of the image, px
 * @param side longest side of a tile, px; 0 for one tile
 * @param margin px
 */
export function planTiles(
  { width, height }: { width: number; height: number },
  side: number,
  margin: number,
): Tile[] {
  const xs = cuts(width, side), ys = cuts(height, side);
  return ys.flatMap(([y, y1]) =>
    xs.map(([x, x1]) => {
      const left = Math.max(0, x - margin), top = Math.max(0, y - margin);
      const right = Math.min(width, x1 + margin), bottom = Math.min(height, y1 + margin);
      return {
        inner: { x, y, width: x1 - x, height: y1 - y },
        outer: { x: left, y: top, width: right - left, height: bottom - top },
      };
    })
  );
}

/** Begin and end of equal parts, each at most `side` long. */
function cuts(length: number, side: number): [number, number][] {
  const parts = side > 0 ? Math.ceil(length / side) : 1;
  const at = (i: number) => Math.round(i * length / parts);
  return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)]);
}

/** How an image is enlarged. */
export interface EnlargeOptions {
  /** [1, H, W, C] in [-1, 1] → [1, H · scale, W · scale, C]; synchronous tensor code. */
  enlarge(low: tf.Tensor4D): tf.Tensor4D;
  scale: number;
  /** Input pixels to each side on which an output pixel depends: what tiles read more. */
  reach: number;
  /** Longest side of a tile, px; 0 for the whole image at once. */
  side: number;
  onTile?(done: number, total: number): void;
  signal?: AbortSignal;
}

/**
 * Enlarges by tiles. Each reads as far around as the network sees, and keeps what is its own: so
 * the tiles fit without blending, and are the whole image's pixels but for rounding.
 * @throws the signal's reason
 */
export async function enlargeTiled(image: Pixels, options: EnlargeOptions): Promise<Pixels> {
  const { scale, reach, side, onTile, signal } = options;
  const { channels } = image;
  const width = image.width * scale, height = image.height * scale;
  const length = width * height * channels;
  const data = image.data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  const tiles = planTiles(image, side, reach);
  for (const [i, { inner, outer }] of tiles.entries()) {
    await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C be heard
    signal?.throwIfAborted();
    const tile = await enlargeBox(image, outer, options.enlarge);
    const left = (inner.x - outer.x) * scale, top = (inner.y - outer.y) * scale;
    const stride = outer.width * scale, length = inner.width * scale * channels;
    for (let y = 0; y < inner.height * scale; y++) {
      const from = ((top + y) * stride + left) * channels;
      const to = ((inner.y * scale + y) * width + inner.x * scale) * channels;
      data.set(tile.subarray(from, from + length), to);
    }
    onTile?.(i + 1, tiles.length);
  }
  return { data, width, height, channels };
}

async function enlargeBox(
  image: Pixels,
  box: Box,
  enlarge: EnlargeOptions["enlarge"],
): Promise<ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> }> {
  const { channels } = image, most = image.data instanceof Uint16Array ? 65535 : 255;
  const values = new Int32Array(box.width * box.height * channels), row = box.width * channels;
  for (let y = 0; y < box.height; y++) {
    const from = ((box.y + y) * image.width + box.x) * channels;
    values.set(image.data.subarray(from, from + row), y * row);
  }
  const bytes = tf.tidy(() => {
    const low = tf.tensor4d(values, [1, box.height, box.width, channels], "int32");
    const unit = tf.sub<tf.Tensor4D>(tf.div(tf.cast(low, "float32"), most / 2), 1);
    const high = tf.mul(tf.add(enlarge(unit), 1), most / 2);
    return tf.cast(tf.clipByValue(tf.round(high), 0, most), "int32");
  });
  try {
    return await bytes.data();
  } finally {
    bytes.dispose();
  }
}

/** Memory that a tile's tensors may take where `--tile` doesn't say its side, bytes. */
const TILE_BYTES = 256 * 2 ** 20;

/**
 * A tile's side by the bound of memory.
 * @param channels of the network's features
 * @param scale of the network
 * @returns px of the input, a multiple of 32
 */
export function automaticSide(channels: number, scale: number): number {
  // About six tensors of features live at once, at the input's size and at the output's.
  const bytesPerPixel = 4 * channels * 6 * (1 + scale ** 2);
  return Math.max(32, Math.floor(Math.sqrt(TILE_BYTES / bytesPerPixel) / 32) * 32);
}
