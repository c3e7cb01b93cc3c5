/// <reference lib="dom" />
/** What pages import of an exported folder: `import { loadGenerator } from "./generator.js"`. */
import { openGenerator } from "../generator/load_generator.ts";
import type { LatentGenerator } from "../generator/latent_generator.ts";
import { type BrowserBackend, chooseBackend, type ChosenBackend } from "./browser_backend.ts";

/** A generator in a page, and what it computes on. */
export type PageGenerator = LatentGenerator & { computesOn: ChosenBackend };

/**
 * Loads the generator of a folder.
 * @param place default: the folder that this file is in
 */
export async function loadGenerator(
  place: string | URL = new URL(".", import.meta.url),
  { backend }: { backend?: BrowserBackend } = {},
): Promise<PageGenerator> {
  const computesOn = await chooseBackend(new URL(".", import.meta.url), backend);
  return Object.assign(await openGenerator(place), { computesOn });
}
