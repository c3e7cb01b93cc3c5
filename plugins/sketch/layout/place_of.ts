/** The boxes of a batch as tensors, with the codes of its whole sketches. */
import { type HostBatch, tf } from "../../../core/mod.ts";
import type { Place, SketchModel } from "../model.ts";

/**
 * @param picked indices of the samples to use
 * @returns undefined where the run has no boxes
 */
export function placeOf(
  model: SketchModel,
  { box, whole }: HostBatch,
  picked: readonly number[],
): Place | undefined {
  if (!model.hasBoxes) return undefined;
  if (!box || !whole) {
    throw new TypeError("Cannot draw in boxes: expected box and whole in a batch of sketches");
  }
  const gather = (data: Float32Array | Int32Array, shape: number[]) =>
    tf.gather(tf.tensor(data, shape, "float32"), [...picked]);
  return {
    box: gather(box.data, box.shape) as tf.Tensor2D, // [N, 4]
    glance: model.glance(gather(whole.data, whole.shape) as tf.Tensor4D), // [N, 32, 32, 1]
  };
}
