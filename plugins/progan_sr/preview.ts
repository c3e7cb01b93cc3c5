/** Sample grids: low, bicubic, ours and real side by side. */
import {
  inChunks,
  type Preview,
  type PreviewRequest,
  tf,
  upsampleNearest,
} from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { enlarge } from "./pairs.ts";

/** Cells that one image takes. */
export const CELLS = ["low", "bicubic", "ours", "real"] as const;

/**
 * Each held-out image as four cells: low (its pixels as squares), bicubic, ours, real; as many images as fit.
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
  const count = Math.max(1, Math.min(Math.floor(request.count / CELLS.length), high.shape[0]));
  const flat = high.slice(0, count).reshape([count, -1]) as tf.Tensor2D; // as inChunks takes it
  const cells = inChunks(flat, batchSize, (rows) => {
    const real = rows.reshape([rows.shape[0], ...high.shape.slice(1)]) as tf.Tensor4D;
    const low = model.reduce(real);
    const kinds = [
      upsampleNearest(low, model.scale),
      enlarge(low, model.scale),
      model.enlarge(low, request.alpha),
      real,
    ];
    return tf.clipByValue(tf.stack(kinds, 1), -1, 1)
      .reshape([rows.shape[0] * CELLS.length, ...high.shape.slice(1)]) as tf.Tensor4D;
  });
  const ours = CELLS.indexOf("ours");
  return count >= 4
    ? { images: cells, columns: 2 * CELLS.length, drawn: [ours, CELLS.length + ours] }
    : { images: cells, columns: CELLS.length, drawn: [ours] };
}
