/** Which channels of pictures are read: what is typed, and words for people. */
import type { ImageChannels } from "../../data.ts";
import { RunError } from "../run_error.ts";

/** What each is called. */
export const CHANNEL_WORDS: Readonly<Record<ImageChannels, string>> = {
  1: "grey",
  3: "RGB",
  4: "RGB and opacity",
};

/**
 * The channels that are wished; undefined where nothing is said.
 * @throws RunError where both are wished
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
