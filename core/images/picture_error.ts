/** A picture that can't be read; the message is the reason, without a path. */
export class PictureError extends Error {
  override name = "PictureError";

  /** For a picture that exceeds the size limit. */
  static tooLarge(width: number, height: number, maxPixels: number): PictureError {
    const megapixels = (pixels: number) => Math.floor(pixels / 1e6);
    return new PictureError(
      `too large: ${width}×${height} are ${megapixels(width * height)} megapixels, at most ` +
        `${megapixels(maxPixels)} are read. Reduce it, or cut it into parts`,
    );
  }
}
