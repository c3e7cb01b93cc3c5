/** A folder of synthetic pictures, for benchmarks that read data. */
import { join } from "node:path";
import sharp from "sharp";

/**
 * Calls `fn` with a folder of PNG files and an empty cache folder, and removes both afterwards.
 * @param size px a side
 */
export async function withPictures(
  count: number,
  size: number,
  fn: (folder: string, cacheDir: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "cambium-bench-" });
  const folder = join(root, "pictures");
  await Deno.mkdir(folder);
  try {
    for (let k = 0; k < count; k++) {
      const pixels = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * (k + 7)) % 251);
      await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png()
        .toFile(join(folder, `${k}.png`));
    }
    await fn(folder, join(root, "cache"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
