/** Detects duplicates in sample grids from the distance of each sample to its nearest neighbour. */
import { definePlugin, field, type HostImages, object } from "../../core/mod.ts";

/** A sample's nearest neighbour. */
export interface Nearest {
  index: number;
  /** Root mean square difference over pixels. */
  distance: number;
}

/**
 * Finds each sample's nearest neighbour.
 * @param data [N, …]
 */
export function nearestOf(data: Float32Array, count: number): Nearest[] {
  const length = data.length / count;
  const nearest: Nearest[] = Array.from(
    { length: count },
    () => ({ index: -1, distance: Infinity }),
  );
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let sum = 0;
      // in bounds
      for (let i = 0; i < length; i++) sum += (data[a * length + i]! - data[b * length + i]!) ** 2;
      const distance = Math.sqrt(sum / length);
      if (distance < nearest[a]!.distance) nearest[a] = { index: b, distance }; // in bounds
      if (distance < nearest[b]!.distance) nearest[b] = { index: a, distance };
    }
  }
  return nearest;
}

/** How many samples lie how far from their nearest neighbour, in twelve equal steps from 0. */
export function histogramOf(distances: readonly number[]): { label: string; value: number }[] {
  const step = Math.max(...distances, 1e-6) / 12;
  return Array.from({ length: 12 }, (_, i) => ({
    label: `${(i * step).toFixed(2)} to ${((i + 1) * step).toFixed(2)}`,
    value: distances.filter((d) => Math.min(11, Math.floor(d / step)) === i).length,
  }));
}

/** The most similar pairs beside each other, the nearest first; each sample once. */
export function twinsOf(
  { data, shape }: HostImages,
  nearest: readonly Nearest[],
): { images: HostImages; captions: string[] } {
  const length = data.length / nearest.length, used = new Set<number>();
  const captions: string[] = [], pixels: Float32Array[] = [];
  const byDistance = nearest.map((one, i) => ({ ...one, i })).sort((a, b) =>
    a.distance - b.distance
  );
  for (const { i, index, distance } of byDistance) {
    if (captions.length >= 8 || used.has(i) || used.has(index)) continue; // four pairs
    for (const one of [i, index]) {
      used.add(one);
      pixels.push(data.subarray(one * length, (one + 1) * length));
    }
    captions.push(`${i + 1}`, `${index + 1} (${distance.toFixed(2)})`);
  }
  const images = new Float32Array(pixels.length * length);
  pixels.forEach((one, i) => images.set(one, i * length));
  return { images: { data: images, shape: [pixels.length, ...shape.slice(1)] }, captions };
}

export default definePlugin({
  name: "diversity",
  description: "Charts the distance of each sample to its nearest neighbour, and warns of repeats",
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
  panels: {
    nearest: {
      kind: "bars",
      title: "Distance of each sample to its nearest neighbour",
      note: "A peak at the left end means that many samples have a near-duplicate.",
      unit: "samples",
    },
    twins: {
      kind: "pictures",
      title: "The most similar pairs",
      note:
        "Positions in the grid, and in brackets the distance to the sample before it. At 0 the " +
        "two are identical.",
    },
  },
  hooks: {
    sampled(context, { data, shape }) {
      const count = shape[0] ?? 0;
      if (count < 2) return;
      const { repeatDistance, repeatShare } = context.config;
      const nearest = nearestOf(data, count), distances = nearest.map(({ distance }) => distance);
      const repeats = distances.filter((d) => d < repeatDistance).length / count;
      context.chart("diversity/nearest", distances.reduce((a, b) => a + b) / count);
      context.chart("diversity/repeats", repeats);
      context.show("nearest", histogramOf(distances));
      context.show("twins", twinsOf({ data, shape }, nearest));
      if (repeats > repeatShare) {
        context.warn(
          "repeats",
          `${
            Math.round(100 * repeats)
          } % of the samples have a near-duplicate: the generator lacks variety. A larger ` +
            `--gamma, augmentation (--plugin ada) or a smaller learning rate may help; go back ` +
            `to a checkpoint`,
        );
      }
    },
  },
});
