/**
 * What happens to pictures before people want them enlarged, in the order and with the kinds of
 * Real-ESRGAN's first order (Wang et al. 2021, section 3.2): blur, reduction, noise, JPEG. Its
 * ranges are for networks of millions of weights; small ones learn smaller ranges.
 */
export interface Degradation {
  /** Standard deviation of the Gaussian blur, px of the high resolution, from … to. */
  blur: readonly [number, number];
  /** Part of the pictures that are blurred; likewise below. */
  blurred: number;
  /** Standard deviation of the Gaussian noise, levels of 255 at the low resolution. */
  noise: readonly [number, number];
  noisy: number;
  /** Of noisy pictures, the part whose noise is the same in each channel. */
  greyNoise: number;
  /** Quality as libjpeg counts it. */
  jpeg: readonly [number, number];
  compressed: number;
}

/** `web`: compressed, seldom noisy; `camera`: noisy, soft, compressed well. */
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
