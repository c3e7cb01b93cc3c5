/** Plans the cache of a source of images. */
import { sha256 } from "../../core/sha256.ts";
import {
  createQueue,
  expectBytes,
  isNeutral,
  PictureError,
  type SquareOptions,
} from "../../core/images/mod.ts";
import { messageOf } from "../../core/text.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import { type DecodedImage, decodeImage, SkipError } from "./decode.ts";
import { type CachePlan, type PlanItem, type RenderedItem, UnreadableError } from "./plan.ts";
import { pyramid } from "./pyramid.ts";

/** Larger files are read one at a time, so that memory is bounded by one of them. */
const MANY_BYTES = 64 * 2 ** 20;

const inTurn = createQueue();

/** The plan of a cache of square images. */
export function imagePlan(source: Source, options: SquareOptions): CachePlan {
  const { fit, background, channels } = options;
  return picturesPlan(source, {
    channels,
    // A coloured background is also applied to grey pictures; the mark is only set for those, so
    // that other caches stay valid.
    settings: { fit, background, ...(isNeutral(background) ? {} : { behindGrey: "colour" }) },
    filter: "lanczos3 to the image's own power of two, exact 2x2 means below, lanczos3 above",
    async render(bytes, resolutions) {
      const { pixels, side, isOpaque, ...picture } = await decodeImage(bytes, options);
      return {
        ...picture,
        isOpaque: channels === 4 && isOpaque,
        rows: 1,
        pixels: await pyramid(pixels, side, channels, resolutions),
      };
    },
  });
}

/** A picture rendered from its file. */
type RenderedPicture =
  & Pick<DecodedImage, "width" | "height" | "isGrey" | "notes">
  & Pick<RenderedItem, "rows" | "pixels">
  & {
    /** For a picture with alpha: whether no pixel is transparent. */
    isOpaque?: boolean;
  };

/** How the pictures of a source are stored. */
interface PicturesOptions extends Pick<CachePlan, "channels" | "settings" | "filter"> {
  /** @throws SkipError with the reason to skip the picture */
  render(bytes: Uint8Array, resolutions: readonly number[]): Promise<RenderedPicture>;
}

/** The plan of a cache of a source's pictures, each rendered from its bytes. */
export function picturesPlan(source: Source, { render, ...how }: PicturesOptions): CachePlan {
  return {
    kind: "images",
    name: source.name,
    source: source.source,
    revision: source.revision,
    ...how,
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
          inTurn(file.bytes > MANY_BYTES, async () => {
            const bytes = await readBounded(file);
            const { width, height, isGrey, isOpaque, notes, rows, pixels } = await render(
              bytes,
              resolutions,
            );
            return {
              sha256: sha256(bytes),
              width,
              height,
              ...(isGrey ? { grey: true } : {}),
              ...(isOpaque ? { opaque: true } : {}),
              ...(notes.length > 0 ? { notes } : {}),
              rows,
              pixels,
            };
          }),
      })),
  };
}

/**
 * @throws SkipError for a file that is too large, UnreadableError if a later attempt may succeed
 */
async function readBounded(file: Pick<SourceFile, "bytes" | "read">): Promise<Uint8Array> {
  try {
    expectBytes(file.bytes);
    return await file.read();
  } catch (cause) {
    if (cause instanceof PictureError) throw new SkipError(cause.message, { cause });
    throw new UnreadableError(`can't be read: ${messageOf(cause)}`, { cause });
  }
}
