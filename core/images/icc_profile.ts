/**
 * Converts colours from ICC profiles that consist of three curves and a matrix, or of one grey
 * curve (ICC.1:2010, 8.3 and 8.4), to sRGB. Nearly all photographs have such profiles. libvips
 * converts 16-bit colours by interpolating in a grid, which is off by up to 16 of 255 in the
 * shadows of a wide gamut; this conversion is exact. Colours outside the sRGB gamut are clipped per
 * channel.
 */

/** A supported profile. */
export interface IccProfile {
  space: "RGB" | "GRAY";
  /** Per channel: its value 0 … 65535 → linear light 0 … 1. */
  curves: Float64Array[];
  /** Converts to linear sRGB; [3, 3], absent for grey. */
  matrix?: number[];
}

/**
 * From XYZ with D50 white, the profile connection space, to linear sRGB: the inverse of sRGB's
 * colorants (IEC 61966-2-1, adapted by Bradford).
 */
const XYZ_TO_SRGB = [
  ...[3.1341359, -1.6173863, -0.4906619],
  ...[-0.9787955, 1.9162544, 0.0334427],
  ...[0.0719554, -0.2289768, 1.4053860],
];

/** Number of values of a 16-bit channel. */
const VALUES = 65536;

/**
 * Parses a profile.
 * @returns undefined for a table-based or damaged profile, or one of a space other than RGB and
 * grey
 */
export function readIccProfile(bytes: Uint8Array): IccProfile | undefined {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
    const tags = new Map<string, number>();
    const count = view.getUint32(128);
    for (let i = 0; i < Math.min(count, 200); i++) {
      tags.set(text(132 + 12 * i), view.getUint32(136 + 12 * i));
    }
    const space = text(16).trim();
    if (text(20) !== "XYZ ") return undefined;
    // a NaN offset throws, as one outside the profile does
    const curve = (tag: string) => readCurve(view, tags.get(tag)!, text);
    if (space === "GRAY" && tags.has("kTRC")) return { space, curves: [curve("kTRC")] };
    if (space !== "RGB" || !tags.has("rXYZ") || tags.has("A2B0")) return undefined;
    const column = (tag: string) =>
      [0, 1, 2].map((c) => view.getInt32(tags.get(tag)! + 8 + 4 * c) / 65536);
    const columns = ["rXYZ", "gXYZ", "bXYZ"].map(column);
    const matrix = [0, 1, 2].flatMap((row) =>
      columns.map((xyz) => xyz.reduce((sum, v, k) => sum + XYZ_TO_SRGB[3 * row + k]! * v, 0))
    );
    return { space, curves: ["rTRC", "gTRC", "bTRC"].map(curve), matrix };
  } catch {
    return undefined; // damaged: libvips ignores it as well
  }
}

/**
 * Evaluates a curve at each of its 65,536 inputs. @throws RangeError if it lies outside the profile
 */
function readCurve(view: DataView, at: number, text: (at: number) => string): Float64Array {
  const out = new Float64Array(VALUES), type = text(at);
  const fill = (f: (x: number) => number) => {
    for (let i = 0; i < VALUES; i++) out[i] = Math.min(1, Math.max(0, f(i / (VALUES - 1))));
  };
  if (type === "curv") {
    const count = view.getUint32(at + 8);
    if (count === 0) fill((x) => x);
    else if (count === 1) {
      const gamma = view.getUint16(at + 12) / 256;
      fill((x) => x ** gamma);
    } else {
      const points = Float64Array.from(
        { length: count },
        (_, i) => view.getUint16(at + 12 + 2 * i) / 65535,
      );
      fill((x) => {
        const place = x * (count - 1), i = Math.min(count - 2, Math.floor(place));
        return points[i]! + (place - i) * (points[i + 1]! - points[i]!); // two points at least
      });
    }
    return out;
  }
  if (type !== "para") throw new RangeError(`a curve of type ${type}`);
  const kind = view.getUint16(at + 8), count = [1, 3, 4, 5, 7][kind];
  if (count === undefined) throw new RangeError(`a parametric curve of kind ${kind}`);
  const p = Array.from({ length: count }, (_, i) => view.getInt32(at + 12 + 4 * i) / 65536);
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = p;
  // ICC.1:2010, table 65
  if (kind === 0) fill((x) => x ** g);
  else if (kind === 1) fill((x) => x >= -b / a ? (a * x + b) ** g : 0);
  else if (kind === 2) fill((x) => x >= -b / a ? (a * x + b) ** g + c : c);
  else fill((x) => x >= d ? (a * x + b) ** g + e : c * x + f);
  return out;
}

/** Linear light in 65,536 steps to sRGB 0 … 255, not rounded. */
const ENCODED = Float32Array.from({ length: VALUES }, (_, i) => {
  const light = i / (VALUES - 1);
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
});

/**
 * Converts pixels to 8-bit sRGB; the alpha channel is only rescaled.
 * @param data 16-bit values, [pixels, channels]: the profile's channels, and alpha if there is one
 * more
 * @returns uint8 with the same number of channels; channels of a grey profile stay equal
 */
export function profileToSrgb(
  data: Uint16Array,
  channels: number,
  { space, curves, matrix }: IccProfile,
): Uint8Array {
  const out = new Uint8Array(data.length);
  const encode = (light: number) =>
    Math.round(ENCODED[Math.round(Math.min(1, Math.max(0, light)) * (VALUES - 1))]!);
  if (space === "GRAY" || !matrix) {
    const table = Uint8Array.from(curves[0]!, encode); // a grey profile has one
    const last = channels % 2 === 0 ? channels - 1 : channels;
    for (let i = 0; i < data.length; i++) {
      out[i] = i % channels === last ? Math.round(data[i]! / 257) : table[data[i]!]!;
    }
    return out;
  }
  // an RGB profile has three
  const [red, green, blue] = curves as [Float64Array, Float64Array, Float64Array];
  const m = matrix;
  for (let i = 0; i < data.length; i += channels) {
    // the tables have 65,536 entries each
    const r = red[data[i]!]!, g = green[data[i + 1]!]!, b = blue[data[i + 2]!]!;
    for (let c = 0; c < 3; c++) {
      out[i + c] = encode(m[3 * c]! * r + m[3 * c + 1]! * g + m[3 * c + 2]! * b);
    }
    if (channels === 4) out[i + 3] = Math.round(data[i + 3]! / 257);
  }
  return out;
}
