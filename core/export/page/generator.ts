/// <reference lib="dom" />
/**
 * The module that pages import from an exported folder: `import { loadGenerator } from
 * "./generator.js"`.
 */
import type { GeneratorFacts } from "../generator/format.ts";
import { type ExportedGenerator, openExported, openKind } from "../generator/load_generator.ts";
import { type BrowserBackend, chooseBackend, type ChosenBackend } from "./browser_backend.ts";

/** What a generator in a page computes on. */
export interface OnPage {
  computesOn: ChosenBackend;
}

/** How a generator is loaded. */
export interface LoadOptions {
  backend?: BrowserBackend;
}

const here = new URL(".", import.meta.url);

/** Loads a generator that draws from latents; default: the one in this file's folder. */
export const loadGenerator = loaderOf("latents");
/** Loads a generator that enlarges pictures. */
export const loadEnlarger = loaderOf("enlarge");
/** Loads a generator that continues drawings. */
export const loadCompleter = loaderOf("complete");

/** Loads a generator of any kind. */
export async function loadExported(
  place: string | URL = here,
  { backend }: LoadOptions = {},
): Promise<ExportedGenerator & OnPage> {
  const computesOn = await chooseBackend(here, backend);
  return Object.assign(await openExported(place), { computesOn });
}

function loaderOf<K extends GeneratorFacts["kind"]>(kind: K) {
  return async (place: string | URL = here, { backend }: LoadOptions = {}) => {
    const computesOn = await chooseBackend(here, backend);
    return Object.assign(await openKind(place, kind), { computesOn });
  };
}
