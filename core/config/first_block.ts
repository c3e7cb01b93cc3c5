/**
 * The resolution at which networks are built, from which they grow to the one where training
 * starts.
 */
import type { RunConfig } from "./run_config.ts";

/**
 * The side of the networks' smallest block, px. Training may start above it (`--start-resolution`):
 * the smaller blocks then exist but are never trained on their own, as in Karras et al. 2019, who
 * start at 8 px with a constant input of 4 px.
 * @throws RangeError where it is not a power of two, or above the resolution at which training
 * starts
 */
export function firstBlockOf(
  { firstBlock, startResolution }: Pick<RunConfig, "firstBlock" | "startResolution">,
): number {
  if (firstBlock === 0) return startResolution;
  if (Math.log2(firstBlock) % 1 === 0 && firstBlock >= 4 && firstBlock <= startResolution) {
    return firstBlock;
  }
  throw new RangeError(
    `Cannot plan the run: expected --first-block to be 0, or a power of two from 4 to ` +
      `--start-resolution ${startResolution}, received ${firstBlock}`,
  );
}
