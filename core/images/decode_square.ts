/** Decodes a picture to a square with a data set's number of channels. */
import type { ImageChannels } from "../data.ts";
import type { OpenedPicture } from "./open_picture.ts";
import { premultiply } from "./opacity.ts";

/** How a picture becomes a square. */
export interface SquareOptions {
  /** How a picture that is not square is fitted. */
  fit: "cover" | "contain" | "stretch";
  /**
   * The colour behind transparent pixels and around a contained picture, "#rrggbb"; unused with 4
   * channels.
   */
  background: string;
  channels: ImageChannels;
}

/** The padding around a contained picture that keeps its alpha channel. */
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/**
 * Decodes the first frame, upright, in sRGB.
 * @param side px
 * @returns uint8 [side, side, C] and its C; with four channels, colours are premultiplied
 * @throws PictureError if the picture is damaged
 */
export async function decodeSquare(
  picture: OpenedPicture,
  side: number,
  { fit, background, channels }: SquareOptions,
): Promise<{ pixels: Uint8Array; channels: number }> {
  const hasOpacity = channels === 4;
  const { data, info } = await picture.decode((image) => {
    if (picture.isGrey && (hasOpacity || !isNeutral(background))) {
      // otherwise the background would become grey
      image.pipelineColourspace(picture.depth === 16 ? "rgb16" : "srgb");
    }
    return (hasOpacity ? image.ensureAlpha() : image.flatten({ background }))
      .resize(side, side, {
        fit: fit === "stretch" ? "fill" : fit,
        background: hasOpacity ? CLEAR : background,
        kernel: "lanczos3",
      })
      .toColourspace(channels === 1 ? "b-w" : "srgb").raw({ depth: "uchar" });
  }, { least: side });
  return { pixels: hasOpacity ? premultiply(data) : data, channels: info.channels };
}

/**
 * Whether a colour is a shade of grey.
 * @param colour "#rrggbb"
 */
export function isNeutral(colour: string): boolean {
  return /^#(..)\1\1$/i.test(colour);
}
