import { type Graph, recordGraph, styleFunctions, writeSavedModel } from "../../export/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import {
  type Contents,
  declaredExport,
  declaredSteps,
  drawnModel,
  recordedNoise,
} from "./drawn_model.ts";
import type { ExportOptions } from "./export_options.ts";
import { functionsOf } from "./onnx_files.ts";
import { savedModelUsage } from "./usage.ts";

/** saved_model.pb: the generator is the default signature, its parts are further signatures. */
export async function savedModelFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const styles = declaredExport(run) ? undefined : styleFunctions(drawnModel(run, options));
  const graphs: Record<string, Graph> = {};
  for (const [name, spec] of Object.entries({ ...functionsOf(run, options), ...styles })) {
    graphs[name] = await recordGraph(spec, recordedNoise(options.noise));
  }
  return {
    files: { "saved_model.pb": writeSavedModel(graphs) },
    usage: savedModelUsage(graphs) + declaredSteps(run),
  };
}
