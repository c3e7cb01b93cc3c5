/** From a run's specification to what its networks are made of. */
import type { Backend } from "../../backend/types.ts";
import type { DatasetInfo } from "../../data.ts";
import { mapPlugins, type RunPlugins } from "../../plugin/mod.ts";
import type { TrainingStateOptions } from "../../trainer/mod.ts";
import type { RunSpec } from "../spec/run_spec.ts";

/** What {@linkcode PreparedRun} and a saved run both know. */
export interface RunParts {
  spec: RunSpec;
  loaded: RunPlugins;
  backend: Backend;
}

/** What a run's networks are made of. */
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
