import { tf } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { reduceSketches } from "./fade_sketches.ts";
import plugin from "./mod.ts";

testPlugin(plugin, {
  values: {
    latentSize: 3,
    channelBase: 64,
    channelMax: 6,
    channelMin: 4,
    encoderChannels: 3,
    codeSize: 4,
    criticDense: 5,
  },
  dataset: { labels: ["top", "left"] },
  draw(model, { alpha, resolution }) {
    let partial = tf.linspace(-1, 1, 16 * 16).reshape([1, 16, 16, 1]) as tf.Tensor4D;
    while (partial.shape[1] > resolution) partial = reduceSketches(partial);
    const labels = tf.tensor1d([1], "int32"), z = tf.ones([1, 3]) as tf.Tensor2D; // of latentSize
    return model.drawParts(model.encode(partial, alpha), { alpha, z, labels });
  },
});
