/** How a source of images becomes a cache. */
import { sha256 } from "../../core/sha256.ts";
import { createQueue, expectBytes, PictureError } from "../../core/images/mod.ts";
import { messageOf } from "../../core/text.ts";
import type { ImageOptions } from "../options.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import { decodeImage, isNeutral, SkipError } from "./decode.ts";
import { type CachePlan, type PlanItem, UnreadableError } from "./plan.ts";
import { pyramid } from "./pyramid.ts";

/**
 * Larger files are read one after the other: the memory for whole files is bounded by one of them.
 */
const MANY_BYTES = 64 * 2 ** 20;

const inTurn = createQueue();

/** The plan of a source's cache. */
export function imagePlan(source: Source, options: ImageOptions): CachePlan {
  const { fit, background, channels } = options;
  return {
    kind: "images",
    name: source.name,
    source: source.source,
    revision: source.revision,
    channels,
    // A colour lies behind grey pictures, too; with a grey one the pixels are as they were without
    // this mark.
    settings: { fit, background, ...(isNeutral(background) ? {} : { behindGrey: "colour" }) },
    filter: "lanczos3 to the image's own power of two, exact 2x2 means below, lanczos3 above",
    files: source.files,
    skipped: source.skipped,
    notes: source.notes,
    items: () =>
      source.files.map((file): PlanItem => ({
        path: file.path,
        label: file.label,
        group: file.group,
        ...(file.split && { split: file.split }),
        render: (resolutions) =>
          withBytes(file, async (bytes) => {
            const { pixels, side, width, height, isGrey, isOpaque, notes } = await decodeImage(
              bytes,
              options,
            );
            return {
              sha256: sha256(bytes),
              width,
              height,
              ...(isGrey ? { grey: true } : {}),
              ...(channels === 4 && isOpaque ? { opaque: true } : {}),
              ...(notes.length > 0 ? { notes } : {}),
              rows: 1,
              pixels: await pyramid(pixels, side, channels, resolutions),
            };
          }),
      })),
  };
}

/**
 * Reads a file and lets `use` make something of it while it is in memory.
 * @throws SkipError for a file that is too large, UnreadableError where another time may do
 */
export function withBytes<T>(
  file: Pick<SourceFile, "bytes" | "read">,
  use: (bytes: Uint8Array) => Promise<T>,
): Promise<T> {
  return inTurn(file.bytes > MANY_BYTES, async () => use(await readBounded(file)));
}

/** @throws SkipError for a file that is too large, UnreadableError where another time may do */
async function readBounded(file: Pick<SourceFile, "bytes" | "read">): Promise<Uint8Array> {
  try {
    expectBytes(file.bytes);
    return await file.read();
  } catch (cause) {
    if (cause instanceof PictureError) throw new SkipError(cause.message, { cause });
    throw new UnreadableError(`can't be read: ${messageOf(cause)}`, { cause });
  }
}
