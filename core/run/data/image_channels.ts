/** Channels of pictures: as options, and in words. */
import type { ImageChannels } from "../../data.ts";
import { RunError } from "../run_error.ts";

export const CHANNEL_WORDS: Readonly<Record<ImageChannels, string>> = {
  1: "grey",
  3: "RGB",
  4: "RGB and opacity",
};

/**
 * The requested channels; undefined where neither option is given.
 * @throws RunError where both are set
 */
export function channelsOf(
  { grey, transparent }: { grey?: boolean | undefined; transparent?: boolean | undefined },
): ImageChannels | undefined {
  if (grey && transparent) {
    throw new RunError(
      "Cannot use --grey with --transparent: expected one way to read pictures, received two. " +
        "Leave one out",
    );
  }
  if (grey === undefined && transparent === undefined) return undefined;
  return grey ? 1 : transparent ? 4 : 3;
}
