/** Writes frames as an animated WebP or GIF. */
import sharp, { type Sharp } from "sharp";
import { settleAll } from "../settle_all.ts";
import { writeWhole } from "../write_whole.ts";
import type { RawPicture } from "./grid.ts";

/** A frame: the path of a picture, or its pixels. */
export type Frame = string | RawPicture;

/** Playback options. */
export interface AnimationOptions {
  /** Duration of a frame in ms; one number, or one per frame. Default 100. */
  delay?: number | readonly number[];
  /** Number of times to play; 0 loops forever. Default 0. */
  loop?: number;
  /** Longer side of the result in px. Default: that of the largest frame. */
  size?: number;
}

/** Longest duration of a frame in ms. */
export const MOST_DELAY = 65_535;

/**
 * Writes an animation in the format of the path's extension, .webp or .gif. Frames of other sizes
 * are scaled to the largest one by repeating pixels, so that small samples stay sharp.
 * @param path the file appears at once and complete
 * @throws RangeError if there are no frames, or if the format can't hold them; TypeError for
 * another extension
 */
export async function writeAnimation(
  path: string,
  frames: readonly Frame[],
  { delay = 100, loop = 0, size }: AnimationOptions = {},
): Promise<void> {
  const isGif = /\.gif$/i.test(path);
  if (!isGif && !/\.webp$/i.test(path)) {
    throw new TypeError(`Cannot write ${path}: expected a name that ends in .webp or .gif`);
  }
  if (frames.length === 0) {
    throw new RangeError(`Cannot write ${path}: expected frames, received none`);
  }
  const delays = typeof delay === "number" ? frames.map(() => delay) : [...delay];
  if (delays.length !== frames.length) {
    throw new RangeError(
      `Cannot write ${path}: expected ${frames.length} delays, received ${delays.length}`,
    );
  }
  const wrong = delays.find((ms) => !Number.isInteger(ms) || ms < 0 || ms > MOST_DELAY);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot write ${path}: expected delays of 0 … ${MOST_DELAY} ms, received ${wrong}`,
    );
  }
  const sizes = await settleAll(frames.map(sizeOf));
  const largest = sizes.reduce((a, b) => b.width * b.height > a.width * a.height ? b : a);
  const factor = (size ?? Math.max(largest.width, largest.height)) /
    Math.max(largest.width, largest.height);
  const width = Math.round(largest.width * factor), height = Math.round(largest.height * factor);
  const fault = frameFault(path, { width, height });
  if (fault !== undefined) throw new RangeError(`Cannot write ${path}: ${fault}`);
  const pages: Uint8Array[] = [];
  for (const frame of frames) {
    const page = open(frame).flatten({ background: "#ffffff" }).toColourspace("srgb")
      .resize(width, height, { fit: "contain", background: "#ffffff", kernel: "nearest" });
    pages.push(await page.png({ compressionLevel: 1 }).toBuffer());
  }
  const joined = pages.length === 1 ? sharp(pages[0]) : sharp(pages, { join: { animated: true } });
  const encoded = isGif
    ? joined.gif({ delay: delays, loop, effort: 4 })
    : joined.webp({ delay: delays, loop, quality: 85, effort: 3 });
  await writeWhole(path, await encoded.toBuffer());
}

/**
 * Why a format can't hold frames of a size, in the form "expected …, received …".
 * @param path its extension determines the format
 * @param size in px
 */
export function frameFault(
  path: string,
  { width, height }: { width: number; height: number },
): string | undefined {
  const most = /\.gif$/i.test(path) ? 65_535 : 16_383; // px a side, of WebP the latter
  if ([width, height].every((side) => side >= 1 && side <= most)) return undefined;
  return `expected frames of 1 … ${most} px a side, received ${width}×${height} px`;
}

function open(frame: Frame): Sharp {
  if (typeof frame === "string") return sharp(frame);
  const { pixels, width, height, channels } = frame;
  return sharp(pixels, { raw: { width, height, channels } });
}

async function sizeOf(frame: Frame): Promise<{ width: number; height: number }> {
  if (typeof frame !== "string") return frame;
  const { width, height } = await sharp(frame).metadata();
  return { width, height };
}
