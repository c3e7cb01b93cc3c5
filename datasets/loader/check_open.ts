/** Checks the options with which a loader is opened. */
import type { OpenOptions } from "../../core/data.ts";

/**
 * @param count samples of the split
 * @param resolutions available sides in px
 * @throws RangeError if an option is invalid
 */
export function checkOpen(
  { resolution, batchSize, cursor, split = "train" }: OpenOptions,
  count: number,
  resolutions: readonly number[],
): void {
  if (!resolutions.includes(resolution)) {
    throw new RangeError(
      `Cannot open the data at ${resolution} px: expected one of ${resolutions.join(", ")}`,
    );
  }
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot open the data: expected a batch of 1 or more, received ${batchSize}`,
    );
  }
  if (!Number.isSafeInteger(cursor) || cursor < 0) {
    throw new RangeError(
      `Cannot open the data: expected a cursor of 0 or more, received ${cursor}`,
    );
  }
  if (count >= batchSize) return;
  throw new RangeError(
    `Cannot fill a batch: expected at least ${batchSize} ${split} samples, received ${count}. ` +
      (split === "train"
        ? "Add images or pass a smaller --batch"
        : "Hold out more or ask for fewer"),
  );
}
