/** A picture as a square of the channels that a data set has. */
import type { ImageChannels } from "../data.ts";
import type { OpenedPicture } from "./open_picture.ts";
import { premultiply } from "./opacity.ts";

/** How a picture becomes a square. */
export interface SquareOptions {
  /** How one that is not square does. */
  fit: "cover" | "contain" | "stretch";
  /** Behind transparent pixels and beside a contained picture, "#rrggbb"; not with 4 channels. */
  background: string;
  channels: ImageChannels;
}

/** Beside a contained picture that keeps its opacity. */
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/**
 * Decodes the first frame, upright, in sRGB.
 * @param side px
 * @returns uint8 [side, side, C] and its C; of four channels, colours are multiplied by the opacity
 * @throws PictureError for what is damaged
 */
export async function decodeSquare(
  picture: OpenedPicture,
  side: number,
  { fit, background, channels }: SquareOptions,
): Promise<{ pixels: Uint8Array; channels: number }> {
  const hasOpacity = channels === 4;
  const { data, info } = await picture.decode((image) => {
    if (picture.isGrey && (hasOpacity || !isNeutral(background))) {
      // else the background turns grey
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
 * Whether a colour is a grey.
 * @param colour "#rrggbb"
 */
export function isNeutral(colour: string): boolean {
  return /^#(..)\1\1$/i.test(colour);
}
