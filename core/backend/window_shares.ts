import * as tf from "@tensorflow/tfjs";

/**
 * The pixel count of each window divided by the number of its pixels inside the image: without
 * padding, an average is over the latter only.
 * @param info of a pooling op
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

/** How many pixels of each window lie inside the image. */
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
