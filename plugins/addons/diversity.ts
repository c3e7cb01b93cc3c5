/** Watches sample grids for repeats: how far each sample lies from the one most like it. */
import { definePlugin, field, object } from "../../core/mod.ts";

/**
 * Each sample's distance to its nearest other one, root mean square over pixels.
 * @param data [N, …]
 */
export function nearestDistances(data: Float32Array, count: number): Float64Array {
  const length = data.length / count;
  const nearest = new Float64Array(count).fill(Infinity);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += (data[a * length + i]! - data[b * length + i]!) ** 2; // inside
      const distance = Math.sqrt(sum / length);
      nearest[a] = Math.min(nearest[a]!, distance);
      nearest[b] = Math.min(nearest[b]!, distance);
    }
  }
  return nearest;
}

export default definePlugin({
  name: "diversity",
  description: "Charts how far samples are from their likest, and warns of repeats",
  kind: "add-on",
  config: object({
    repeatDistance: field.number("Samples nearer than this are repeats (values are -1 … 1)", 0.02, {
      minimum: 0,
    }),
    repeatShare: field.number("Warn where more than this share of a grid are repeats", 0.25, {
      minimum: 0,
      maximum: 1,
    }),
  }),
  hooks: {
    sampled(context, { data, shape }) {
      const count = shape[0] ?? 0;
      if (count < 2) return;
      const { repeatDistance, repeatShare } = context.config;
      const distances = nearestDistances(data, count);
      const repeats = distances.filter((d) => d < repeatDistance).length / count;
      context.chart("diversity/nearest", distances.reduce((a, b) => a + b) / count);
      context.chart("diversity/repeats", repeats);
      if (repeats > repeatShare) {
        context.warn(
          "repeats",
          `${
            Math.round(100 * repeats)
          } % of the samples have a twin: the generator draws few images. A larger ` +
            `--gamma, augmentation (--plugin ada) or a smaller learning rate may help; go back to a checkpoint`,
        );
      }
    },
  },
});
