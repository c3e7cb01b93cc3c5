/** Sample grids of content, style, and the content in that style. */
import { type Preview, type PreviewRequest, tf } from "../../core/mod.ts";
import type { StyleTransferModel } from "./model.ts";

/** Cells for each pair. */
const CELLS = 3;

/**
 * Draws as many held-out images as fit, each in the style of the image at the same position from
 * the end.
 * @throws TypeError where the data has no images
 */
export function stylePreview(model: StyleTransferModel, request: PreviewRequest): Preview {
  const { images } = request.batch;
  if (!images) {
    throw new TypeError("Cannot draw samples: expected images in the batch, received none");
  }
  const all = tf.tensor4d(images.data, images.shape as [number, number, number, number]); // NHWC
  const [batch, height, width, channels] = all.shape;
  const count = Math.max(1, Math.min(Math.floor(request.count / CELLS), batch));
  const content = all.slice(0, count), style = tf.reverse(all, 0).slice(0, count);
  const cells = Array.from({ length: count }, (_, i) => { // one by one, to bound memory
    const [a, b] = [content.slice(i, 1), style.slice(i, 1)];
    return tf.concat([a, b, model.stylize(a, b, 1)], 0);
  });
  return {
    images: tf.reshape(tf.concat(cells, 0), [count * CELLS, height, width, channels]),
    columns: count >= 4 ? 2 * CELLS : CELLS,
    drawn: count >= 4 ? [CELLS - 1, 2 * CELLS - 1] : [CELLS - 1],
  };
}
