/** The sources that images are drawn from: seeds, and pictures that were projected into the run. */
import { KEPT_NAME } from "../../core/kept_name_pattern.ts";
import type { Source } from "../../core/run/latent/styled_images.ts";
import { parseSeeds } from "./fields.ts";

const NAMED = new RegExp(`^@(${KEPT_NAME})$`, "u");

/**
 * Parses seeds and "@" names, such as "0-3,@cat".
 * @throws InvalidArgumentError of commander
 */
export function parseSources(text: string): Source[] {
  return text.split(",").flatMap((part): Source[] => {
    const name = NAMED.exec(part.trim())?.[1];
    return name ? [`@${name}`] : parseSeeds(part);
  });
}
