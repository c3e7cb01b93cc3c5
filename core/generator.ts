/**
 * Loads exported generators in a program. `deno task export --to web` writes their folder; the run
 * itself is not needed.
 *
 * @module
 */
import { type BackendName, selectBackend } from "./backend/mod.ts";
import type { Completer } from "./export/generator/completer.ts";
import type { Enlarger } from "./export/generator/enlarger.ts";
import type { LatentGenerator } from "./export/generator/latent_generator.ts";
import { openKind } from "./export/generator/load_generator.ts";

export type { Completed, CompleteDrawingOptions, Completer } from "./export/generator/completer.ts";
export type { Enlarger, RgbaPicture } from "./export/generator/enlarger.ts";
export type { CompleterFacts, EnlargerFacts, LatentFacts } from "./export/generator/format.ts";
export type { DrawPictureOptions, LatentGenerator } from "./export/generator/latent_generator.ts";
export type { Picture } from "./export/generator/picture.ts";

/** Options of {@linkcode loadGenerator}. */
export interface LoadGeneratorOptions {
  /** The backend; "tensorflow" downloads its library where it is missing. Default "wasm". */
  backend?: BackendName;
}

/**
 * Loads an exported generator that draws from latents.
 * @param place its folder or URL
 *
 * @example
 * ```ts ignore
 * import { loadGenerator } from "cambium/generator";
 *
 * using generator = await loadGenerator("exported");
 * const { width, height, rgba } = await generator.generate({ seed: 1, truncation: 0.7 });
 * ```
 * @throws Error where there is none; TypeError where it is of another kind
 */
export async function loadGenerator(
  place: string | URL,
  options: LoadGeneratorOptions = {},
): Promise<LatentGenerator> {
  await select(options);
  return await openKind(place, "latents");
}

/** Loads an exported generator that enlarges pictures. See {@linkcode loadGenerator}. */
export async function loadEnlarger(
  place: string | URL,
  options: LoadGeneratorOptions = {},
): Promise<Enlarger> {
  await select(options);
  return await openKind(place, "enlarge");
}

/** Loads an exported generator that continues drawings. See {@linkcode loadGenerator}. */
export async function loadCompleter(
  place: string | URL,
  options: LoadGeneratorOptions = {},
): Promise<Completer> {
  await select(options);
  return await openKind(place, "complete");
}

async function select({ backend = "wasm" }: LoadGeneratorOptions): Promise<void> {
  await selectBackend({ name: backend });
}
