/** How whole pictures are kept, for crops of them. */
import { createHash } from "node:crypto";
import { openPicture, PictureError } from "../../core/images/mod.ts";
import { SkipError } from "../cache/decode.ts";
import { withBytes } from "../cache/image_plan.ts";
import type { CachePlan, PlanItem } from "../cache/plan.ts";
import type { ImageOptions } from "../options.ts";
import type { Source } from "../sources/source.ts";

/**
 * Longest side that is kept, px, as DIV2K's: at full size a camera's picture is mostly blur and
 * noise, which teach nothing, and a thousand of them would fill a disk.
 */
export const LONGEST_SIDE = 2048;

/**
 * A picture of width × height px is that many rows of one pixel, so the only resolution is 1 px.
 * The entries' sizes are those that are kept.
 */
export function photoPlan(
  source: Source,
  { background, channels }: Pick<ImageOptions, "background" | "channels">,
): CachePlan {
  return {
    kind: "images",
    name: source.name,
    source: source.source,
    revision: source.revision,
    channels,
    settings: { whole: LONGEST_SIDE, background },
    filter: `lanczos3 down to ${LONGEST_SIDE} px`,
    files: source.files,
    skipped: source.skipped,
    notes: source.notes,
    items: () =>
      source.files.map((file): PlanItem => ({
        path: file.path,
        label: file.label,
        group: file.group,
        ...(file.split && { split: file.split }),
        render: () =>
          withBytes(file, async (bytes) => {
            const { data, width, height, isGrey, notes } = await decodeWhole(bytes, {
              background,
              channels,
            });
            return {
              sha256: createHash("sha256").update(bytes).digest("hex"),
              width,
              height,
              ...(isGrey ? { grey: true } : {}),
              ...(notes.length > 0 ? { notes } : {}),
              rows: width * height,
              pixels: [data],
            };
          }),
      })),
  };
}

/** @throws SkipError for what is empty, foreign, damaged or too large */
async function decodeWhole(
  bytes: Uint8Array,
  { background, channels }: Pick<ImageOptions, "background" | "channels">,
) {
  try {
    const picture = await openPicture(bytes);
    const { isGrey, frames } = picture, notes = [...picture.notes];
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
    if (frames > 1) notes.push(`the first of ${frames} frames is taken`);
    return { data, width, height, isGrey, notes };
  } catch (cause) {
    if (cause instanceof PictureError) throw new SkipError(cause.message, { cause });
    throw cause;
  }
}
