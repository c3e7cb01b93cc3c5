/** Sample grids of low, bicubic, ours and real side by side. */
import {
  clamp,
  inChunks,
  type Preview,
  type PreviewRequest,
  tf,
  upsampleNearest,
} from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { enlarge } from "./pairs.ts";

/** The cells of one image. */
export const CELLS = ["low", "bicubic", "ours", "real"] as const;

/**
 * Draws each held-out image as four cells: low (its pixels enlarged to squares), bicubic, ours,
 * real; as many images as fit.
 * @throws TypeError where the data has no images
 */
export function srPreview(
  model: ProganSrModel,
  request: PreviewRequest,
  batchSize: number,
): Preview {
  const { images } = request.batch;
  if (!images) {
    throw new TypeError("Cannot draw samples: expected images in the batch, received none");
  }
  const high = tf.tensor4d(images.data, images.shape as [number, number, number, number]); // NHWC
  const [, height, width, channels] = high.shape;
  const count = Math.max(1, Math.min(Math.floor(request.count / CELLS.length), high.shape[0]));
  // the shape that inChunks takes
  const flat = tf.reshape<tf.Rank.R2>(high.slice(0, count), [count, -1]);
  const cells = inChunks(flat, batchSize, (rows) => {
    const real = tf.reshape<tf.Rank.R4>(rows, [rows.shape[0], height, width, channels]);
    const low = model.degrade(real);
    const kinds = [
      upsampleNearest(low, model.scale),
      enlarge(low, model.scale),
      model.enlarge(low, request.alpha),
      real,
    ];
    const cells = clamp(tf.stack(kinds, 1), -1, 1); // [rows, kinds, H, W, C]
    return tf.reshape<tf.Rank.R4>(cells, [
      rows.shape[0] * CELLS.length,
      height,
      width,
      channels,
    ]);
  });
  const ours = CELLS.indexOf("ours");
  return count >= 4
    ? { images: cells, columns: 2 * CELLS.length, drawn: [ours, CELLS.length + ours] }
    : { images: cells, columns: CELLS.length, drawn: [ours] };
}
