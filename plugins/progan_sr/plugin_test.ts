import { tf, upsampleNearest } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import plugin from "./mod.ts";
import { pattern } from "../../core/features/testdata/pattern.ts";

testPlugin(plugin, {
  values: {
    startResolution: 8,
    channels: 4,
    blockLayers: 1,
    criticBase: 32,
    criticMax: 4,
    criticMin: 4,
    perceptual: "none",
    pixelWeight: 1,
  },
  // The same small input at each resolution, since growing must not change the result for it.
  draw(model, { alpha, resolution }) {
    const low = tf.tensor4d(pattern(2 * 4 * 4 * 3, 3, 1), [2, 4, 4, 3]);
    const enlarged = model.enlarge(low, alpha);
    return upsampleNearest(enlarged, resolution / 8);
  },
  score: (model, images, alpha) => model.score(images, alpha),
});
