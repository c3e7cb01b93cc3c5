/** Writes a plugin's exports as the command does. */
import { join } from "node:path";
import type { GeneratorFacts } from "../../core/export/generator/format.ts";
import { packGenerator } from "../../core/export/generator/pack.ts";
import { type Graph, type RecordedNoise, recordGraph } from "../../core/export/mod.ts";
import type { ExportedModel } from "../../core/plugin/mod.ts";
import { writeWhole } from "../../core/write_whole.ts";

/** The graphs of all its functions. */
export async function graphsOf(
  { functions }: ExportedModel,
  noise: RecordedNoise,
): Promise<Record<string, Graph>> {
  const graphs: Record<string, Graph> = {};
  for (const [name, spec] of Object.entries(functions)) {
    graphs[name] = await recordGraph(spec, noise);
  }
  return graphs;
}

/** Writes the files that programs read. */
export async function writeExported(
  folder: string,
  exported: ExportedModel,
  channels: number,
): Promise<void> {
  const { functions: _, ...own } = exported;
  const common = { name: "tiny", imagesSeen: 16, resolution: 16, channels };
  const facts = { ...common, ...own } as GeneratorFacts; // classes are an array
  const files = packGenerator(facts, await graphsOf(exported, "input"));
  for (const [name, bytes] of Object.entries(files)) await writeWhole(join(folder, name), bytes);
}
