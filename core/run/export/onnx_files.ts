import {
  type FunctionSpec,
  generateFunction,
  OPSET,
  recordGraph,
  writeOnnx,
} from "../../export/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import {
  type Contents,
  declaredExport,
  declaredFunctions,
  declaredSteps,
  drawnModel,
  recordedNoise,
} from "./drawn_model.ts";
import type { ExportOptions } from "./export_options.ts";
import { onnxUsage } from "./usage.ts";

/** generator.onnx, and one more file for each further function. */
export async function onnxFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const contents: Contents = { files: {}, usage: "" };
  for (const [i, [name, spec]] of Object.entries(functionsOf(run, options)).entries()) {
    const file = i === 0 ? "generator" : name;
    const graph = await recordGraph(spec, recordedNoise(options.noise));
    contents.files[`${file}.onnx`] = writeOnnx(graph, {
      name: file,
      description: `${name} of ${run.id} at ${run.imagesSeen} images; pictures are [N, H, W, C] ` +
        "in [-1, 1]",
      metadata: {
        run: run.id,
        imagesSeen: String(run.imagesSeen),
        ...(run.dataset.labels.length > 0 ? { labels: JSON.stringify(run.dataset.labels) } : {}),
      },
    });
    contents.usage += `${onnxUsage(graph, `${file}.onnx`, OPSET)}\n\n`;
  }
  contents.usage = contents.usage.trimEnd() + declaredSteps(run);
  return contents;
}

/** The exported functions by name, the generator first. */
export function functionsOf(run: LoadedRun, options: ExportOptions): Record<string, FunctionSpec> {
  const declared = declaredExport(run);
  if (declared) return declaredFunctions(run, options, declared);
  return { generate: generateFunction(drawnModel(run, options)) };
}
