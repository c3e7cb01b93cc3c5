/** Plans how whole pictures are stored for cropping. */
import { openPicture, PictureError, type SquareOptions } from "../../core/images/mod.ts";
import { SkipError } from "../cache/decode.ts";
import { picturesPlan } from "../cache/image_plan.ts";
import type { CachePlan } from "../cache/plan.ts";
import type { Source } from "../sources/source.ts";

/**
 * Longest side in px that is stored, as in DIV2K: at full size a camera's picture is mostly blur
 * and noise, from which nothing can be learned, and a thousand of them would fill a disk.
 */
export const LONGEST_SIDE = 2048;

/**
 * A picture of width × height px is stored as that many rows of one pixel, so the only resolution
 * is 1 px. The entries' sizes are the stored ones.
 */
export function photoPlan(
  source: Source,
  { background, channels }: Pick<SquareOptions, "background" | "channels">,
): CachePlan {
  return picturesPlan(source, {
    channels,
    settings: { whole: LONGEST_SIDE, background },
    filter: `lanczos3 down to ${LONGEST_SIDE} px`,
    async render(bytes) {
      const { data, ...picture } = await decodeWhole(bytes, { background, channels });
      return { ...picture, rows: picture.width * picture.height, pixels: [data] };
    },
  });
}

/** @throws SkipError if the file is empty, of another kind, damaged or too large */
async function decodeWhole(
  bytes: Uint8Array,
  { background, channels }: Pick<SquareOptions, "background" | "channels">,
) {
  try {
    const picture = await openPicture(bytes);
    const { isGrey } = picture, notes = [...picture.notesOfFirst];
    const longest = Math.max(picture.width, picture.height);
    const factor = Math.min(1, LONGEST_SIDE / longest);
    const [width, height] = [picture.width, picture.height].map((side) =>
      Math.max(1, Math.round(side * factor))
    ) as [number, number]; // of two
    const { data, info } = await picture.decode((image) => {
      const flat = image.flatten({ background });
      const sized = factor < 1
        ? flat.resize(width, height, { fit: "fill", kernel: "lanczos3" })
        : flat;
      return sized.toColourspace(channels === 1 ? "b-w" : "srgb").raw({ depth: "uchar" });
    }, { least: Math.min(width, height) });
    if (info.channels !== channels || data.length !== width * height * channels) {
      throw new SkipError(`expected ${channels} channels, received ${info.channels}`);
    }
    if (factor < 1) notes.push(`reduced to ${width}×${height} px`);
    return { data, width, height, isGrey, notes };
  } catch (cause) {
    if (cause instanceof PictureError) throw new SkipError(cause.message, { cause });
    throw cause;
  }
}
