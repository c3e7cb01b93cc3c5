/** Finds the lines of a picture, whatever their colours and those of the paper. */
import { openPicture } from "../../../core/mod.ts";
import { type Colours, flatPaper, median, unevenPaper } from "./paper.ts";
import { dropSpecks } from "./specks.ts";
import { type InkPicture, meanLineWidth } from "./thicken_lines.ts";

/** The ink that was found. */
export interface FoundInk extends InkPicture {
  /** A description for the user; undefined for dark lines on light paper of one colour. */
  found: string | undefined;
  notes: readonly string[];
}

/**
 * Smallest colour distance between a line and its paper (black and white are 441 apart), and the
 * same in standard deviations of the paper's noise.
 */
const LEAST = 20, DEVIATIONS = 5;
/** Upper bound of compression artifacts beside lines, relative to the strongest lines' distance. */
const RINGING = 0.15;
/**
 * The paper counts as unevenly lit above this noise, of 441, together with this share of other
 * colours.
 */
const PHOTO_NOISE = 1.5, UNEVEN_SHARE = 0.2;
/** Radius within which the darkest ink counts as full ink, as a fraction of the side. */
const NEAR = 1 / 64;
/** Greatest width of opaque strokes, as a fraction of the side; anything wider is paper. */
const WIDEST = 1 / 10;

/**
 * Reads a picture as ink, centred on a square of paper. On a transparent background, lines are what
 * is opaque. Otherwise they are what differs from the paper, whose colour is uniform or, under
 * uneven light, the median around each pixel.
 * @param bytes an encoded picture
 * @param side px
 * @throws PictureError where it cannot be decoded
 */
export async function inkOfPicture(bytes: Uint8Array, side: number): Promise<FoundInk> {
  const picture = await openPicture(bytes);
  const { data, info: { width, height } } = await picture.decode(
    (image) =>
      image.resize(side, side, { fit: "inside" }).toColourspace("srgb").ensureAlpha().raw(),
    { least: side },
  );
  const pixels = width * height, alpha = new Float32Array(pixels);
  const rgb = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    alpha[i] = data[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = data[4 * i + c]!;
  }
  const colours = onPaper({ rgb, width, height }, alpha);
  const { ink, found } = strokesOf(alpha, { width, height, side }) ??
    cutOut(linesOf(colours, /^(jpeg|webp|avif)$/.test(picture.format)), alpha);
  return { ink: inSquare(ink, { width, height, side }), side, found, notes: picture.notesOfFirst };
}

/** Ink, row by row, and a description of it. */
interface Found {
  ink: Float32Array;
  found: string | undefined;
}

/** Thin opaque strokes on a transparent background. */
function strokesOf(
  alpha: Float32Array,
  { side, ...size }: { width: number; height: number; side: number },
): Found | undefined {
  const opaque = alpha.reduce((n, value) => n + (value > 0.5 ? 1 : 0), 0);
  if (opaque > alpha.length / 2) return undefined;
  const most = alpha.reduce((a, b) => Math.max(a, b), 0);
  if (most < 0.05) return { ink: alpha, found: "nothing but transparency" };
  const ink = alpha.map((value) => value / most), square = inSquare(ink, { ...size, side });
  if (meanLineWidth({ ink: square, side }) > WIDEST * side) return undefined;
  return { ink, found: "strokes on transparency" };
}

/** Composes the picture over its most common opaque colour. */
function onPaper(colours: Colours, alpha: Float32Array): Colours {
  if (alpha.every((value) => value === 1)) return colours;
  const kept: number[] = [];
  for (const [i, value] of alpha.entries()) {
    if (value > 0.9) {
      kept.push(colours.rgb[3 * i]!, colours.rgb[3 * i + 1]!, colours.rgb[3 * i + 2]!);
    }
  }
  const opaque = { rgb: Float32Array.from(kept), width: kept.length / 3, height: 1 };
  const paper = kept.length === 0 ? [255, 255, 255] : flatPaper(opaque) ?? [255, 255, 255];
  const rgb = colours.rgb.map((value, i) => {
    const a = alpha[Math.floor(i / 3)]!; // one for three channels
    return a * value + (1 - a) * paper[i % 3]!;
  });
  return { ...colours, rgb };
}

/** Uses transparent lines in opaque paper if there are no other lines. */
function cutOut(lines: Found, alpha: Float32Array): Found {
  if (lines.ink.some((value) => value > 0.5) || alpha.every((value) => value > 0.5)) return lines;
  return { ink: alpha.map((value) => 1 - value), found: "transparent lines in paper" };
}

/** @param isLossy whether the format leaves artifacts beside lines */
function linesOf(colours: Colours, isLossy: boolean): Found {
  const flat = flatPaper(colours);
  // three channels
  const one = flat && distancesFromPaper(colours, colours.rgb.map((_, i) => flat[i % 3]!));
  const isEven = one !== undefined && (one.noise < PHOTO_NOISE || one.share < UNEVEN_SHARE);
  const { far, lighter, noise } = isEven ? one : distancesFromPaper(colours, unevenPaper(colours));
  const most = far.toSorted()[Math.floor(0.995 * far.length)]!; // there are pixels
  const least = Math.max(LEAST, DEVIATIONS * noise, isLossy ? RINGING * most : 0);
  let dark = 0, light = 0;
  for (const [i, value] of far.entries()) {
    if (value > least) lighter[i]! > 0 ? light += value : dark += value;
  }
  const isLight = light > dark;
  // Under uneven light, shadows and glare differ from the paper too, but in the other direction.
  if (!isEven) { for (const [i, v] of lighter.entries()) if (v > 0 !== isLight) far[i] = 0; }
  if (isLossy) dropSpecks(far, colours, least);
  const ink = relativeToNearby(far, colours, least);
  const lines = isLight ? "light lines on dark paper" : undefined;
  return {
    ink,
    found: isEven ? lines : `paper in uneven light, with ${isLight ? "lighter" : "darker"} lines`,
  };
}

/** Distance of each pixel's colour from the paper there. */
function distancesFromPaper({ rgb }: Colours, paper: Float32Array) {
  const far = new Float32Array(rgb.length / 3), lighter = new Float32Array(rgb.length / 3);
  let others = 0;
  for (let i = 0; i < far.length; i++) {
    const of = [0, 1, 2].map((c) => rgb[3 * i + c]! - paper[3 * i + c]!) as [
      number,
      number,
      number,
    ];
    far[i] = Math.hypot(...of);
    lighter[i] = 0.3 * of[0] + 0.59 * of[1] + 0.11 * of[2];
    if (far[i]! > LEAST) others++;
  }
  // standard deviation of a normal distribution, from the median deviation
  const noise = 1.4826 * median([...far]);
  return { far, lighter, noise, share: others / far.length };
}

/**
 * Distances from the paper relative to the largest nearby, so that lines of all colours become full
 * ink; anything within the noise becomes paper.
 */
function relativeToNearby(
  far: Float32Array,
  { width, height }: { width: number; height: number },
  least: number,
): Float32Array {
  const reach = Math.max(2, Math.round(NEAR * Math.max(width, height)));
  const most = largest(largest(far, { width, height, reach, isDown: false }), {
    ...{ width, height, reach, isDown: true },
  });
  return far.map((value, i) => most[i]! > least ? Math.min(1, value / most[i]!) : 0);
}

/** The maximum within `reach` px along each row, or along each column if `isDown`. */
function largest(
  values: Float32Array,
  { width, height, reach, isDown }: {
    width: number;
    height: number;
    reach: number;
    isDown: boolean;
  },
): Float32Array {
  const out = values.slice(), step = isDown ? width : 1, count = isDown ? height : width;
  for (let i = 0; i < values.length; i++) {
    const at = isDown ? Math.floor(i / width) : i % width;
    for (let d = -Math.min(reach, at); d <= Math.min(reach, count - 1 - at); d++) {
      const other = values[i + d * step]!; // in bounds
      if (other > out[i]!) out[i] = other;
    }
  }
  return out;
}

/** Centres the picture on a square of paper. */
function inSquare(
  ink: Float32Array,
  { width, height, side }: { width: number; height: number; side: number }, // px, at most `side`
): Float32Array {
  const square = new Float32Array(side * side);
  const left = (side - width) >> 1, top = (side - height) >> 1;
  for (let y = 0; y < height; y++) {
    square.set(ink.subarray(y * width, (y + 1) * width), (top + y) * side + left);
  }
  return square;
}
