/**
 * Ink metrics: whether parts touch their sketches, how much ink they have, how much they differ.
 */
import { sampleDiversity } from "../../../core/mod.ts";

/** Rasters [N, R, R, 1] in [-1, 1], where ink is positive. */
export interface RasterOptions {
  /** Pixels a side. */
  resolution: number;
}

/** How often parts touch the sketches that they complete. */
export interface TouchRate {
  /** Share of the `counted` pairs whose ink is close enough; NaN if there are none. */
  rate: number;
  /** Pairs whose partial sketch has ink. */
  counted: number;
}

/**
 * Share of parts with some ink within `distance` of the partial sketch's ink (Euclidean, between
 * pixel centres; 0 is overlap). Partial sketches without ink are not counted.
 * @param partials [N, R, R, 1]
 * @param parts [N, R, R, 1], one for each partial
 * @throws RangeError if the lengths differ or are not those of whole rasters
 */
export function touchRate(
  partials: Float32Array,
  parts: Float32Array,
  options: RasterOptions & { distance: number }, // px
): TouchRate {
  const { resolution: side, distance } = options, pixels = side * side;
  const count = rasterCount("measure touch", partials, options);
  if (parts.length !== partials.length) {
    throw new RangeError(
      `Cannot measure touch: expected as many parts as partials, received ${
        parts.length / pixels
      } parts ` +
        `for ${count} partials. Pass one part for each partial.`,
    );
  }
  const near = offsetsWithin(distance);
  let counted = 0, touching = 0;
  for (let n = 0; n < count; n++) {
    const partial = partials.subarray(n * pixels, (n + 1) * pixels);
    const part = parts.subarray(n * pixels, (n + 1) * pixels);
    if (!partial.some(isInk)) continue;
    counted++;
    const touches = part.some((value, i) => {
      if (!isInk(value)) return false;
      const x = i % side, y = Math.floor(i / side);
      return near.some(([dx, dy]) => {
        const u = x + dx, v = y + dy;
        // in bounds
        return u >= 0 && u < side && v >= 0 && v < side && isInk(partial[v * side + u]!);
      });
    });
    if (touches) touching++;
  }
  return { rate: touching / counted, counted };
}

/**
 * Share of parts without any ink.
 * @param parts [N, R, R, 1]
 * @throws RangeError if the length is not that of whole rasters
 */
export function blankRate(parts: Float32Array, options: RasterOptions): number {
  const count = rasterCount("count blank parts", parts, options), size = parts.length / count;
  let blank = 0;
  for (let n = 0; n < count; n++) {
    if (!parts.subarray(n * size, (n + 1) * size).some(isInk)) blank++;
  }
  return blank / count;
}

function isInk(value: number): boolean {
  return value > 0;
}

function offsetsWithin(distance: number): [dx: number, dy: number][] {
  const reach = Math.floor(distance), offsets: [number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx * dx + dy * dy <= distance * distance) offsets.push([dx, dy]);
    }
  }
  return offsets;
}

/**
 * Compares the ink of generated parts with that of real ones: the mean of (value + 1) / 2 over all
 * pixels, and the ratio.
 * @param generated [N, R, R, 1]
 * @param real [M, R, R, 1]
 * @returns both means, 0 … 1; a ratio of 1 is as much ink as real parts have
 * @throws RangeError if there is no raster, or the real parts have no ink at all
 */
export function inkRatio(
  generated: Float32Array,
  real: Float32Array,
  options: RasterOptions,
): { ratio: number; generated: number; real: number } {
  const [made, wanted] = [generated, real].map((rasters) => {
    rasterCount("measure ink", rasters, options);
    return rasters.reduce((sum, value) => sum + (value + 1) / 2, 0) / rasters.length;
  }) as [number, number]; // map keeps the pair
  if (wanted === 0) {
    throw new RangeError(
      "Cannot measure ink: expected ink in the real parts, received blank ones. Check that ink " +
        "is 1 and paper -1.",
    );
  }
  return { ratio: made / wanted, generated: made, real: wanted };
}

/**
 * How much the latent changes a part: the mean, over conditions, of the pairwise distance between
 * the parts of one condition (see {@linkcode sampleDiversity}). 0 means that the latent is ignored.
 * @param rasters [conditions · latents, R, R, 1], the latents of one condition side by side
 * @throws RangeError if the number of rasters is not a multiple of `latents`, or `latents` is less
 * than 2
 */
export function latentDiversity(
  rasters: Float32Array,
  options: RasterOptions & { latents: number },
): number {
  const { resolution, latents } = options;
  const conditions = rasterCount("measure diversity", rasters, options) / latents;
  if (!Number.isInteger(conditions)) {
    throw new RangeError(
      `Cannot measure diversity: expected ${latents} rasters a condition, received ${
        conditions * latents
      } ` +
        `in all. Generate the same number of parts for each condition.`,
    );
  }
  const length = latents * resolution ** 2;
  let sum = 0;
  for (let c = 0; c < conditions; c++) {
    sum += sampleDiversity(rasters.subarray(c * length, (c + 1) * length), latents);
  }
  return sum / conditions;
}

function rasterCount(action: string, rasters: Float32Array, { resolution }: RasterOptions): number {
  const count = rasters.length / resolution ** 2;
  if (Number.isInteger(count) && count > 0) return count;
  throw new RangeError(
    `Cannot ${action}: expected [N, ${resolution}, ${resolution}, 1], received ` +
      `${rasters.length} values. ` +
      `Pass whole rasters of the resolution.`,
  );
}
