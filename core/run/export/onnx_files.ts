import { generateFunction, OPSET, recordGraph, writeOnnx } from "../../export/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { type Contents, drawnModel, recordedNoise } from "./drawn_model.ts";
import type { ExportOptions } from "./export_options.ts";
import { onnxUsage } from "./usage.ts";

/** generator.onnx. */
export async function onnxFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const spec = generateFunction(drawnModel(run, options));
  const graph = await recordGraph(spec, recordedNoise(options.noise));
  const bytes = writeOnnx(graph, {
    name: "generator",
    description: `The generator of ${run.id} at ${run.imagesSeen} images: images [N, H, W, C] in ` +
      "[-1, 1] of standard normal z",
    metadata: {
      run: run.id,
      imagesSeen: String(run.imagesSeen),
      ...(run.dataset.labels.length > 0 ? { labels: JSON.stringify(run.dataset.labels) } : {}),
    },
  });
  return { files: { "generator.onnx": bytes }, usage: onnxUsage(graph, OPSET) };
}
