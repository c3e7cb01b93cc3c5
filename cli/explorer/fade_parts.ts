/** A fade taken apart, for the Explore page. */
import type { HostImages } from "../../core/images/mod.ts";

/**
 * Four pictures beside each other: by the path without the newest block, by the new one, both as
 * weighed now, and how far the two paths are apart (black is equal, white the whole range of
 * values).
 * @param before each [1, R, R, C] in [-1, 1]
 * @returns [4, R, R, C]
 */
export function fadeParts(before: HostImages, after: HostImages, blend: HostImages): HostImages {
  const apart = before.data.map((value, i) => Math.abs(value - after.data[i]!) - 1); // of one shape
  const parts = [before.data, after.data, blend.data, apart], { length } = apart;
  const data = new Float32Array(4 * length);
  parts.forEach((part, i) => data.set(part, i * length));
  return { data, shape: [4, ...before.shape.slice(1)] };
}
