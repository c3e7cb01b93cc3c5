/** What images are drawn of: seeds, and pictures that were projected into the run. */
import type { Source } from "../../core/run/latent/styled_images.ts";
import { parseSeeds } from "./fields.ts";

/**
 * Seeds and "@" names, such as "0-3,@cat".
 * @throws InvalidArgumentError of commander
 */
export function parseSources(text: string): Source[] {
  return text.split(",").flatMap((part): Source[] => {
    const name = /^@([a-z][\w-]*)$/i.exec(part.trim())?.[1];
    return name ? [`@${name}`] : parseSeeds(part);
  });
}
