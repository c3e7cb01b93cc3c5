/** Selects the pictures of a cache that are large enough to be samples. */
import type { SkippedFile } from "../../core/data.ts";
import type { CacheEntry } from "../cache/index_file.ts";
import { isLarge } from "./is_large.ts";

/**
 * @param smallest shortest allowed side in px
 * @returns indices of the entries that are kept, and the others as skipped files
 * @throws RangeError if all are smaller
 */
export function largeEnough(
  entries: readonly CacheEntry[],
  smallest: number,
): [kept: number[], small: SkippedFile[]] {
  const kept: number[] = [], small: SkippedFile[] = [];
  for (const [i, { path, width, height }] of entries.entries()) {
    if (isLarge({ width, height }, smallest)) kept.push(i);
    else small.push({ path, reason: `${width}×${height} is smaller than ${smallest} px` });
  }
  const [first] = small;
  if (kept.length === 0 && first) {
    throw new RangeError(
      `Cannot open the data: expected images of at least ${smallest} px a side, received ` +
        `smaller ones alone (${small.length}), first ${first.path}: ${first.reason}. ` +
        "Use a smaller --resolution",
    );
  }
  return [kept, small];
}
