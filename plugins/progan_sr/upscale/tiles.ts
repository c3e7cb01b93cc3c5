/** Enlarges an image of any size in overlapping tiles, within bounded memory. */
import { tf } from "../../../core/mod.ts";

/** Pixels in rows from the top, with 8 or 16 bits a channel. */
export interface Pixels {
  data: Uint8Array | Uint16Array; // [height, width, channels]
  width: number;
  height: number;
  channels: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A tile: the region that it produces, and the larger region that it reads. */
export interface Tile {
  inner: Box;
  outer: Box;
}

/**
 * Cuts an image into tiles of nearly equal size; each reads `margin` more pixels on every side that
 * is not at the image's border.
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

/** Start and end of equal parts, each at most `side` long. */
function cuts(length: number, side: number): [number, number][] {
  const parts = side > 0 ? Math.ceil(length / side) : 1;
  const at = (i: number) => Math.round(i * length / parts);
  return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)]);
}

export interface EnlargeOptions {
  /** [1, H, W, C] in [-1, 1] → [1, H · scale, W · scale, C]; synchronous tensor code. */
  enlarge(low: tf.Tensor4D): tf.Tensor4D;
  scale: number;
  /** Radius of the receptive field in input pixels: the margin that tiles read. */
  reach: number;
  /** Longest side of a tile, px; 0 for the whole image at once. */
  side: number;
  onTile?(done: number, total: number): void;
  signal?: AbortSignal;
}

/**
 * Enlarges by tiles. Each reads a margin as wide as the network's receptive field and keeps only
 * its own region, so that tiles fit together without blending and equal the result on the whole
 * image up to rounding.
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
    await new Promise((resolve) => setTimeout(resolve)); // lets the event loop handle Ctrl-C
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

/** Memory for the tensors of one tile when `--tile` does not give its side, bytes. */
const TILE_BYTES = 256 * 2 ** 20;

/**
 * The largest side of a tile that fits into the memory bound.
 * @param channels of the network's features
 * @param scale of the network
 * @returns px of the input, a multiple of 32
 */
export function automaticSide(channels: number, scale: number): number {
  // About six feature tensors are alive at once, at the input's size and at the output's.
  const bytesPerPixel = 4 * channels * 6 * (1 + scale ** 2);
  return Math.max(32, Math.floor(Math.sqrt(TILE_BYTES / bytesPerPixel) / 32) * 32);
}
