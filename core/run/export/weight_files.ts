import { encodeSafetensors, storedTensor, type StoredTensors } from "../../checkpoint/mod.ts";
import { joinBytes } from "../../join_bytes.ts";
import type { Model } from "../../plugin/mod.ts";
import { weightsOf } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { type Contents, withWeights } from "./drawn_model.ts";
import type { ExportOptions } from "./export_options.ts";
import { safetensorsUsage } from "./usage.ts";

/** generator.safetensors with the generator's variables, and config.json with the options. */
export async function weightFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const read = withWeights(run, options)(() =>
    (run.model as Model).generator.variables().map(({ path, variable }) => ({
      path,
      tensor: variable.clone(),
    }))
  );
  const tensors: StoredTensors = {};
  try {
    for (const { path, tensor } of read) {
      const values = await tensor.data() as Float32Array; // weights are float32
      tensors[path.replace(/^generator\//, "")] = storedTensor(values.slice(), tensor.shape);
    }
  } finally {
    for (const { tensor } of read) tensor.dispose();
  }
  const chunks = encodeSafetensors(tensors, {
    run: run.id,
    plugin: run.plugin,
    images_seen: String(run.imagesSeen),
    resolution: String(run.resolution),
    alpha: String(run.alpha),
    weights: weightsOf(run, options.weights),
  });
  const config = { run: run.spec.run, options: run.spec.options, labels: run.dataset.labels };
  return {
    files: {
      "generator.safetensors": joinBytes(chunks),
      "config.json": new TextEncoder().encode(JSON.stringify(config, null, 2) + "\n"),
    },
    usage: safetensorsUsage(Object.keys(tensors).length),
  };
}
