/** Opens the networks whose features a measurement compares. */
import {
  efficientNetExtractor,
  efficientNetWeights,
  readVgg,
  vggExtractor,
  vggSources,
} from "../../features/mod.ts";
import type { FeatureExtractor } from "../../metrics/mod.ts";
import { messageOf } from "../../text.ts";
import type { Notices } from "../notices.ts";

/**
 * EfficientNet-lite0, which is downloaded (17 MB, once), and VGG-19's first block where its weights
 * are on this machine. Warns of what is not available.
 * @param vggWeights file with VGG-19's weights; default: the cached ones
 * @throws Error where that file can't be read, RangeError where it is damaged
 */
export async function openExtractors(
  notices: Pick<Notices, "progress" | "warn">,
  vggWeights?: string,
): Promise<FeatureExtractor[]> {
  const extractors: FeatureExtractor[] = [];
  const given = vggWeights === undefined ? undefined : readVgg(vggSources(vggWeights));
  try {
    const weights = await efficientNetWeights({
      onProgress: ({ message, fraction }) => notices.progress(message, fraction),
    });
    extractors.push(efficientNetExtractor(weights));
  } catch (error) {
    notices.warn(`no KID, density and coverage: ${messageOf(error)}`);
  }
  try {
    const vgg = given ?? readVgg(vggSources(""));
    if (vgg) extractors.push(vggExtractor(vgg));
  } catch (error) {
    notices.warn(messageOf(error)); // a damaged file; the message says what to do
  }
  return extractors;
}
