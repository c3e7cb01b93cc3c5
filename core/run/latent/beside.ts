import type { HostImages } from "../../images/mod.ts";

/**
 * Concatenates images of the same size into one batch.
 * @param images [n, R, R, C] each
 * @returns [sum of n, R, R, C]
 */
export function beside(images: readonly HostImages[]): HostImages {
  const data = new Float32Array(images.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0, count = 0;
  for (const image of images) {
    data.set(image.data, at);
    at += image.data.length;
    count += image.shape[0]!; // [n, R, R, C]
  }
  return { data, shape: [count, ...images[0]?.shape.slice(1) ?? []] };
}
