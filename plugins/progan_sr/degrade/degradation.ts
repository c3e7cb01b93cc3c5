/**
 * How pictures are typically degraded before people enlarge them, with the order and kinds of
 * Real-ESRGAN's first-order degradations (Wang et al. 2021, section 3.2): blur, reduction, noise,
 * JPEG. Real-ESRGAN's ranges suit networks of millions of weights; small networks learn better from
 * smaller ranges.
 */
export interface Degradation {
  /** Standard deviation of the Gaussian blur, px at the high resolution: [minimum, maximum]. */
  blur: readonly [number, number];
  /** Share of the pictures that are blurred; `noisy` and `compressed` are shares, too. */
  blurred: number;
  /** Standard deviation of the Gaussian noise at the low resolution, in levels of 0 … 255. */
  noise: readonly [number, number];
  noisy: number;
  /** Share of the noisy pictures whose noise is the same in each channel. */
  greyNoise: number;
  /** JPEG quality on libjpeg's scale. */
  jpeg: readonly [number, number];
  compressed: number;
}

/** `web`: compressed, rarely noisy; `camera`: noisy and soft, but lightly compressed. */
export const DEGRADATIONS = {
  web: {
    blur: [0.2, 1.2],
    blurred: 0.5,
    noise: [1, 5],
    noisy: 0.2,
    greyNoise: 0.4,
    jpeg: [40, 95],
    compressed: 0.8,
  },
  camera: {
    blur: [0.2, 1.8],
    blurred: 0.7,
    noise: [1, 12],
    noisy: 0.7,
    greyNoise: 0.4,
    jpeg: [60, 95],
    compressed: 0.5,
  },
} as const satisfies Record<string, Degradation>;

/** `--degrade`; "clean" is the reduction alone. */
export type DegradationName = "clean" | keyof typeof DEGRADATIONS;
