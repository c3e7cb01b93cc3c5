import * as tf from "@tensorflow/tfjs";

/**
 * The pixels of each window by those of them that lie inside the image: where padding is left out
 * of it, an average is one of the latter alone.
 * @param info of a pooling
 * @returns [1, outHeight, outWidth, 1]
 */
export function windowShares(info: tf.backend_util.Conv2DInfo): tf.Tensor {
  const { padInfo, filterHeight, filterWidth, outHeight, outWidth } = info;
  const rows = inside(outHeight, info.strideHeight, filterHeight, padInfo.top, info.inHeight);
  const columns = inside(outWidth, info.strideWidth, filterWidth, padInfo.left, info.inWidth);
  const shares = rows.flatMap((row) =>
    columns.map((column) => filterHeight * filterWidth / (row * column))
  );
  return tf.tensor(shares, [1, outHeight, outWidth, 1]);
}

/** How many pixels of each window lie inside. */
function inside(
  windows: number,
  stride: number,
  size: number,
  before: number,
  pixels: number,
): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + size, pixels) - Math.max(start, 0);
  });
}
