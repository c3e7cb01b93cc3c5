/**
 * Pictures with an alpha channel. Colours are premultiplied (Porter and Duff 1984), so that
 * averages of pixels are right at edges and a transparent pixel has only one representation: 0 as a
 * byte, -1 as a number, in all four channels.
 */

/**
 * Multiplies colours by their alpha.
 * @param pixels uint8 [pixels, 4]
 */
export function premultiply(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const opacity = pixels[i + 3]!; // four channels
    for (let c = 0; c < 3; c++) out[i + c] = Math.round(pixels[i + c]! * opacity / 255);
    out[i + 3] = opacity;
  }
  return out;
}

/**
 * Divides colours by their alpha, as file formats require; transparent pixels become black. Colours
 * that exceed their alpha, which networks may generate, are clamped to 255.
 * @param pixels uint8 [pixels, 4], premultiplied
 */
export function unpremultiply(
  pixels: Uint8Array | Uint8ClampedArray,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const opacity = pixels[i + 3]!; // four channels
    if (opacity === 0) continue;
    for (let c = 0; c < 3; c++) {
      out[i + c] = Math.min(255, Math.round(pixels[i + c]! * 255 / opacity));
    }
    out[i + 3] = opacity;
  }
  return out;
}

/** Side of a checkerboard's squares in px. */
const SQUARE = 8;

/** Grey levels of the squares. */
const LIGHT = 255, DARK = 204;

/**
 * Composites pictures on a checkerboard, as viewers show transparency.
 * @param pixels uint8 [height, width, 4], premultiplied
 * @returns uint8 [height, width, 3]
 */
export function onCheckerboard(pixels: Uint8Array, width: number): Uint8Array {
  const count = pixels.length / 4, out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const x = Math.floor((i % width) / SQUARE), y = Math.floor(i / width / SQUARE);
    const behind = ((x + y) % 2 === 0 ? LIGHT : DARK) * (255 - pixels[i * 4 + 3]!) / 255;
    for (let c = 0; c < 3; c++) {
      out[i * 3 + c] = Math.min(255, Math.round(pixels[i * 4 + c]! + behind)); // four channels
    }
  }
  return out;
}

/**
 * Composites pictures on white, for networks without an alpha channel.
 * @param pixels uint8 [pixels, 4], premultiplied
 * @returns uint8 [pixels, 3]
 */
export function onWhite(pixels: Uint8Array): Uint8Array {
  const count = pixels.length / 4, out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const behind = 255 - pixels[i * 4 + 3]!;
    for (let c = 0; c < 3; c++) out[i * 3 + c] = Math.min(255, pixels[i * 4 + c]! + behind);
  }
  return out;
}
