import { tf, upsampleNearest } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import plugin from "./mod.ts";

testPlugin(plugin, {
  values: {
    startResolution: 8,
    resolution: 16,
    perceptual: "none",
    channels: 4,
    criticBase: 32,
    criticMax: 4,
    criticMin: 4,
  },
  /**
   * The same small image whatever the resolution, since growing must not change the result for it.
   */
  draw(model, { alpha, resolution }) {
    const low = tf.linspace(-1, 1, 4 * 4 * 3).reshape([1, 4, 4, 3]) as tf.Tensor4D;
    const enlarged = model.enlarge(low, alpha);
    return resolution > enlarged.shape[1] ? upsampleNearest(enlarged) : enlarged;
  },
  score: (model, images, alpha) => model.score(images, alpha),
});
