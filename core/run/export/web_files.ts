import {
  ExportError,
  generateFunction,
  type Graph,
  recordGraph,
  styleFunctions,
} from "../../export/mod.ts";
import type { DirectionFacts, LatentFacts } from "../../export/generator/format.ts";
import { type PackedArray, packGenerator } from "../../export/generator/pack.ts";
import { pageFiles } from "../../export/page/bundle_page.ts";
import type { ExportedModel } from "../../plugin/mod.ts";
import { keptDirections, readDirection } from "../latent/direction_file.ts";
import { findDirections } from "../latent/find_directions.ts";
import { layersNamed } from "../latent/style_layers.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { type Contents, declaredExport, declaredFunctions, drawnModel } from "./drawn_model.ts";
import type { ExportOptions } from "./export_options.ts";
import { webUsage } from "./usage.ts";

/** Number of unnamed directions to include, the strongest first. */
const FOUND_DIRECTIONS = 10;

/**
 * A web page with all that it needs; programs can load the same files. Each seed has its own noise
 * maps.
 */
export async function webFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const declared = declaredExport(run);
  if (declared?.kind === "place") {
    throw new ExportError(
      "Cannot export a page: expected a generator of one step, received one that needs the " +
        "program to crop and place lines between its networks. Use --to onnx, " +
        "savedmodel or safetensors",
    );
  }
  const files = await generatorFiles(run, options, declared);
  options.onProgress?.(0.5, "Bundling the page");
  const usage = webUsage(declared?.kind ?? "latents");
  return { files: { ...files, ...await pageFiles() }, usage };
}

/** generator.json and weights.safetensors. */
async function generatorFiles(
  run: LoadedRun,
  options: ExportOptions,
  declared: Exclude<ExportedModel, { kind: "place" }> | undefined,
): Promise<Record<string, Uint8Array>> {
  const { id: name, imagesSeen, resolution, dataset: { channels } } = run;
  const common = { name, imagesSeen, resolution, channels };
  if (!declared) return await latentFiles(run, options, common);
  const functions: Record<string, Graph> = {};
  for (const [name, spec] of Object.entries(declaredFunctions(run, options, declared))) {
    functions[name] = await recordGraph(spec, "input");
  }
  const { functions: _, ...facts } = declared;
  return packGenerator(
    facts.kind === "enlarge"
      ? { ...common, ...facts }
      : { ...common, ...facts, classes: [...facts.classes] },
    functions,
  );
}

async function latentFiles(
  run: LoadedRun,
  options: ExportOptions,
  common: Pick<LatentFacts, "name" | "imagesSeen" | "resolution" | "channels">,
): Promise<Record<string, Uint8Array>> {
  const drawn = drawnModel(run, options), styles = styleFunctions(drawn);
  const layers = styles ? drawn.model.styleLayers!() : 0; // the model has styles
  const functions = styles
    ? {
      map: await recordGraph(styles.map, "input"),
      synthesize: await recordGraph(styles.synthesize, "input"),
    }
    : { generate: await recordGraph(generateFunction(drawn), "input") };
  options.onProgress?.(0.3, "Looking for directions");
  const { facts: directions, arrays } = styles
    ? await directionsOf(run, options, layers)
    : { facts: [], arrays: {} };
  const facts: LatentFacts = {
    ...common,
    kind: "latents",
    latentSize: drawn.model.latentSize!, // checked by drawnModel()
    labels: run.dataset.labels,
    layers,
    truncationCutoff: options.truncationCutoff ?? null,
    directions,
  };
  return packGenerator(facts, functions, arrays);
}

/** The run's named directions, then the strongest of those found. */
async function directionsOf(
  run: LoadedRun,
  { weights }: ExportOptions,
  layers: number,
): Promise<{ facts: DirectionFacts[]; arrays: Record<string, PackedArray> }> {
  const facts: DirectionFacts[] = [], arrays: Record<string, PackedArray> = {};
  const add = (name: string, words: string, step: Float32Array) => {
    arrays[`direction/${facts.length}`] = { values: step, shape: [step.length] };
    facts.push({ name, layers: layersNamed(words, layers) });
  };
  const found = await findDirections(run, { weights });
  const size = found[0]?.step.length ?? 0;
  for (const name of await keptDirections(run)) {
    const kept = await readDirection(run, name, size);
    add(name, kept.layers, Float32Array.from(kept.step));
  }
  found.slice(0, FOUND_DIRECTIONS).forEach(({ step }, i) => add(`sefa${i + 1}`, "all", step));
  return { facts, arrays };
}
