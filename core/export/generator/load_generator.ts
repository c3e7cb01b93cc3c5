/** Loads exported generators on tfjs's active backend. */
import { Completer } from "./completer.ts";
import { Enlarger } from "./enlarger.ts";
import type { GeneratorFacts } from "./format.ts";
import { fetchFunctions } from "./functions.ts";
import { LatentGenerator } from "./latent_generator.ts";

/** Any exported generator; `facts.kind` tells which. */
export type ExportedGenerator = LatentGenerator | Enlarger | Completer;

/** The function that loads each kind, for messages. */
const LOADERS: Record<GeneratorFacts["kind"], string> = {
  latents: "loadGenerator()",
  enlarge: "loadEnlarger()",
  complete: "loadCompleter()",
};

/**
 * Loads an exported generator from its folder.
 * @param place a URL or a path
 * @throws Error if there is none
 */
export async function openExported(place: string | URL): Promise<ExportedGenerator> {
  const functions = await fetchFunctions(place), { facts } = functions;
  switch (facts.kind) {
    case "latents":
      return new LatentGenerator(functions, facts);
    case "enlarge":
      return new Enlarger(functions, facts);
    case "complete":
      return new Completer(functions, facts);
  }
}

/**
 * Loads an exported generator of a given kind.
 * @throws TypeError if it is of another kind
 */
export async function openKind<K extends GeneratorFacts["kind"]>(
  place: string | URL,
  kind: K,
): Promise<Extract<ExportedGenerator, { facts: { kind: K } }>> {
  const generator = await openExported(place);
  if (generator.facts.kind === kind) {
    return generator as Extract<ExportedGenerator, { facts: { kind: K } }>; // by its kind
  }
  generator[Symbol.dispose]();
  throw new TypeError(
    `Cannot load ${generator.facts.name} by ${LOADERS[kind]}: use ${LOADERS[generator.facts.kind]}`,
  );
}
