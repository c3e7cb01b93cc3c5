/** Float images in one block, NHWC. */
export interface FloatImages {
  data: Float32Array; // [N, R, R, C]
  resolution: number; // px a side
  channels: number;
}

/**
 * The Laplacian pyramid of Burt and Adelson ("The Laplacian Pyramid as a Compact Image Code",
 * 1983), as Karras et al. (ProGAN, 2018) use it: level i is G_i − up(G_{i+1}), and the last level
 * is the Gaussian image.
 * @param images [N, R, R, C]; not modified
 * @param levels number of levels; each halves the resolution
 * @returns one entry per level, finest first
 * @throws RangeError if the resolution can't be halved `levels - 1` times
 */
export function laplacianPyramid(images: FloatImages, levels: number): FloatImages[] {
  if (!Number.isInteger(levels) || levels < 1 || images.resolution % 2 ** (levels - 1) !== 0) {
    throw new RangeError(
      `Cannot build a Laplacian pyramid: expected levels ≥ 1 that halve the resolution evenly, ` +
        `received ${levels} levels of ${images.resolution} px. Take fewer levels.`,
    );
  }
  const pyramid: FloatImages[] = [];
  let gaussian = images;
  for (let level = 1; level < levels; level++) {
    const smaller = pyramidDown(gaussian);
    const data = pyramidUp(smaller).data;
    for (let i = 0; i < data.length; i++) data[i] = gaussian.data[i]! - data[i]!; // equal lengths
    pyramid.push({ ...gaussian, data });
    gaussian = smaller;
  }
  pyramid.push(levels === 1 ? { ...images, data: images.data.slice() } : gaussian);
  return pyramid;
}

/** Number of levels of ProGAN's SWD: down to 16 px; smaller images have one level. */
export function pyramidLevels(resolution: number): number {
  return Math.max(1, Math.floor(Math.log2(resolution)) - 3);
}

/**
 * Blurs with the binomial filter [1 4 6 4 1]/16 on each axis, mirrored at the edge (without
 * repeating the edge pixel), and keeps every second pixel.
 * @param images [N, R, R, C], R even
 * @returns [N, R/2, R/2, C]
 */
export function pyramidDown(images: FloatImages): FloatImages {
  const half = images.resolution / 2;
  // Output pixel i reads input pixels 2i-2 … 2i+2.
  return resample(
    images,
    half,
    5,
    (i, tap) => [mirror(2 * i + tap - 2, images.resolution), DOWN[tap]!],
  );
}

/**
 * Doubles the size: inserts zeros between pixels, then applies the same blur times 4 (2 on each
 * axis), mirrored.
 * @param images [N, R, R, C]
 * @returns [N, 2R, 2R, C]
 */
export function pyramidUp(images: FloatImages): FloatImages {
  const double = images.resolution * 2;
  // An even output 2i reads pixels i-1, i and i+1, an odd one i and i+1; inserted zeros are
  // skipped.
  return resample(images, double, 3, (o, tap) => {
    const position = mirror(o - (o % 2 === 0 ? 2 : 1) + 2 * tap, double); // in the grid with zeros
    return [position / 2, (o % 2 === 0 ? UP_EVEN : UP_ODD)[tap]!];
  });
}

const DOWN = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];
const UP_EVEN = [1 / 8, 6 / 8, 1 / 8];
const UP_ODD = [4 / 8, 4 / 8, 0];

function mirror(i: number, size: number): number {
  if (size === 1) return 0;
  while (i < 0 || i >= size) i = i < 0 ? -i : 2 * size - 2 - i;
  return i;
}

type Tap = (output: number, tap: number) => readonly [index: number, weight: number];

/** Separable linear resampling with up to five weighted inputs per output. */
function resample(images: FloatImages, size: number, taps: number, tap: Tap): FloatImages {
  const { data, resolution: from, channels } = images;
  // unused taps have weight 0
  const index = new Int32Array(size * 5), weight = new Float64Array(size * 5);
  for (let o = 0; o < size; o++) {
    for (let t = 0; t < taps; t++) [index[o * 5 + t], weight[o * 5 + t]] = tap(o, t);
  }
  const count = data.length / (from * from * channels), row = size * channels;
  const out = new Float32Array(count * size * row), wide = new Float32Array(from * row);
  const plan = { index, weight, from, size };
  for (let n = 0; n < count; n++) {
    resampleLines(data.subarray(n * from * from * channels), wide, {
      ...plan,
      lines: from,
      width: channels,
    });
    // For columns, each row of `wide` is one "pixel" of `row` channels.
    resampleLines(wide, out.subarray(n * size * row), { ...plan, lines: 1, width: row });
  }
  return { data: out, resolution: size, channels };
}

/**
 * Resamples [lines, from, width] to [lines, size, width] with five taps, unrolled because this is
 * the hot loop.
 */
function resampleLines(
  source: Float32Array,
  target: Float32Array,
  plan: {
    index: Int32Array;
    weight: Float64Array;
    from: number;
    size: number;
    lines: number;
    width: number;
  },
): void {
  const { index, weight, from, size, lines, width } = plan;
  for (let line = 0, to = 0; line < lines; line++) {
    const base = line * from * width;
    for (let t = 0; t < size * 5; t += 5) { // all indices are in range
      const w0 = weight[t]!,
        w1 = weight[t + 1]!,
        w2 = weight[t + 2]!,
        w3 = weight[t + 3]!,
        w4 = weight[t + 4]!;
      const i0 = base + index[t]! * width, i1 = base + index[t + 1]! * width;
      const i2 = base + index[t + 2]! * width, i3 = base + index[t + 3]! * width;
      const i4 = base + index[t + 4]! * width;
      for (let k = 0; k < width; k++) {
        target[to++] = w0 * source[i0 + k]! + w1 * source[i1 + k]! + w2 * source[i2 + k]! +
          w3 * source[i3 + k]! + w4 * source[i4 + k]!;
      }
    }
  }
}
