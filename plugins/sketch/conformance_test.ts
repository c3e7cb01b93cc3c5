import { tf } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { reduceSketches } from "./fade_sketches.ts";
import plugin from "./mod.ts";
import { placedBatch, TINY_NETWORKS } from "./test_run.ts";

for (const layout of ["whole", "boxes"] as const) {
  testPlugin(plugin, {
    values: { ...TINY_NETWORKS, layout },
    dataset: { labels: ["top", "left"] },
    ...(layout === "boxes"
      ? { batch: ({ resolution, seed }) => placedBatch(resolution, seed) }
      : {}),
    draw(model, { alpha, resolution }) {
      let partial = tf.linspace(-1, 1, 16 * 16).reshape([1, 16, 16, 1]) as tf.Tensor4D;
      while (partial.shape[1] > resolution) partial = reduceSketches(partial);
      // of length latentSize
      const labels = tf.tensor1d([1], "int32"), z = tf.ones([1, 3]) as tf.Tensor2D;
      const place = model.hasBoxes
        ? {
          box: tf.tensor2d([[0.5, 0.4, 0.3, 0.2]]),
          glance: model.glance(tf.linspace(-1, 1, 32 * 32).reshape([1, 32, 32, 1])),
        }
        : undefined;
      return model.drawParts(model.encode(partial, alpha, place), { alpha, z, labels });
    },
  });
}
