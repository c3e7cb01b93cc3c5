/** Takes a fade apart, for the Explore page. */
import type { HostImages } from "../../core/images/mod.ts";

/**
 * Four pictures side by side: of the path without the newest block, of the path with it, their
 * current blend, and the difference of the two paths (black: equal, white: the whole value range).
 * @param before each picture is [1, R, R, C] in [-1, 1]
 * @returns [4, R, R, C]
 */
export function fadeParts(before: HostImages, after: HostImages, blend: HostImages): HostImages {
  // all of one shape
  const apart = before.data.map((value, i) => Math.abs(value - after.data[i]!) - 1);
  const parts = [before.data, after.data, blend.data, apart], { length } = apart;
  const data = new Float32Array(4 * length);
  parts.forEach((part, i) => data.set(part, i * length));
  return { data, shape: [4, ...before.shape.slice(1)] };
}
