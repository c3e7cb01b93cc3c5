/**
 * Exported generators in a program: `deno task export --to web` writes their folder, and nothing of
 * the run is needed.
 *
 * @module
 */
import { type BackendName, selectBackend } from "./backend/mod.ts";
import type { LatentGenerator } from "./export/generator/latent_generator.ts";
import { openGenerator } from "./export/generator/load_generator.ts";

export type { LatentFacts } from "./export/generator/format.ts";
export type { DrawPictureOptions, LatentGenerator } from "./export/generator/latent_generator.ts";
export type { Picture } from "./export/generator/picture.ts";

/** How a generator is loaded. */
export interface LoadGeneratorOptions {
  /** What computes; "tensorflow" fetches its library where there is none. Default "wasm". */
  backend?: BackendName;
}

/**
 * Loads an exported generator.
 * @param place its folder, or its address
 *
 * @example
 * ```ts ignore
 * import { loadGenerator } from "cambium/generator";
 *
 * using generator = await loadGenerator("exported");
 * const { width, height, rgba } = await generator.generate({ seed: 1, truncation: 0.7 });
 * ```
 * @throws Error where there is none
 */
export async function loadGenerator(
  place: string | URL,
  { backend = "wasm" }: LoadGeneratorOptions = {},
): Promise<LatentGenerator> {
  await selectBackend({ name: backend });
  return await openGenerator(place);
}
