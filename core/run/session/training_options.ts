import type { Backend } from "../../backend/types.ts";
import type { DatasetInfo } from "../../data.ts";
import { mapPlugins, type RunPlugins } from "../../plugin/mod.ts";
import type { TrainingStateOptions } from "../../trainer/mod.ts";
import type { RunSpec } from "../spec/run_spec.ts";

/** The parts that {@linkcode PreparedRun} and a saved run have in common. */
export interface RunParts {
  spec: RunSpec;
  loaded: RunPlugins;
  backend: Backend;
}

/** Converts a run's specification to the options of its training state. */
export function trainingOptions(
  { spec, loaded, backend }: RunParts,
  dataset: DatasetInfo,
): TrainingStateOptions {
  return {
    run: spec.run,
    plugins: mapPlugins(loaded, (p) => ({ ...p, config: spec.options[p.plugin.name] ?? {} })),
    dataset,
    backend,
  };
}
