/** uint8 [N, H, W, C] by the integer formula of make.py's `pattern()`. */
export function pattern(
  seed: number,
  shape: readonly [images: number, height: number, width: number, channels: number],
): Uint8Array {
  const [images, height, width, channels] = shape;
  return Uint8Array.from({ length: images * height * width * channels }, (_, at) => {
    const c = at % channels, x = Math.floor(at / channels) % width;
    const y = Math.floor(at / channels / width) % height;
    const i = Math.floor(at / channels / width / height);
    const noise = (at + 1) * (at + 1) * (seed + 3) % 251 % 64;
    const step = 50 * ((Math.floor(x / 5) + Math.floor(y / 7) + i) % 2);
    return (x * (2 + seed) + y * 3 + c * 17 + i * 11 + noise + step) % 256;
  });
}
