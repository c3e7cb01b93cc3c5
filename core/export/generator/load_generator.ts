/** Loads exported generators on whatever backend tfjs is set to. */
import { type ExportedFunctions, fetchFunctions } from "./functions.ts";
import { LatentGenerator } from "./latent_generator.ts";

/**
 * An exported generator by its folder.
 * @param place an address, or a path
 * @throws Error where there is none
 */
export async function openGenerator(place: string | URL): Promise<LatentGenerator> {
  return generatorOf(await fetchFunctions(place));
}

/** A generator of its functions. */
export function generatorOf(functions: ExportedFunctions): LatentGenerator {
  return new LatentGenerator(functions, functions.facts);
}
