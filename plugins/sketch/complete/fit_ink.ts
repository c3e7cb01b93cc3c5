/** Scales and centres a drawing that is small or off-centre, as in the training data. */
import sharp from "sharp";
import type { InkPicture } from "./thicken_lines.ts";

/** Margin around a whole drawing as in the training data, as a fraction of the side. */
const MARGIN = 0.1;
/** Ink above which a pixel counts as line; anything lighter is paper and its noise. */
const LINE = 0.25;

/**
 * Scales the bounding box of the lines to the square minus its margin, centred.
 * @param picture with lines; a single dot is left as it is
 * @returns a picture of the same side
 */
export async function fitInk(picture: InkPicture): Promise<InkPicture> {
  const { ink, side } = picture;
  // the bounding box, px, both ends inclusive
  let [left, top, right, bottom] = [side, side, -1, -1];
  ink.forEach((value, i) => {
    if (value <= LINE) return;
    const x = i % side, y = Math.floor(i / side);
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  const width = right - left + 1, height = bottom - top + 1, size = Math.max(width, height);
  const wanted = Math.round(side * (1 - 2 * MARGIN));
  if (size < side / 32) return picture;
  const scaled = {
    width: atLeast1(width * wanted / size),
    height: atLeast1(height * wanted / size),
  };
  const before = { left: (side - scaled.width) >> 1, top: (side - scaled.height) >> 1 };
  const { data } = await sharp(Uint8Array.from(ink, (value) => Math.round(255 * value)), {
    raw: { width: side, height: side, channels: 1 },
  }).extract({ left, top, width, height }).resize({ ...scaled, fit: "fill" }).extend({
    ...before,
    right: side - scaled.width - before.left,
    bottom: side - scaled.height - before.top,
    background: "#000",
  }).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { ink: Float32Array.from(data, (value) => value / 255), side };
}

const atLeast1 = (px: number) => Math.max(1, Math.round(px));
