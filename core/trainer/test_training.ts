/** A training for tests of the trainer. */
import type { Backend } from "../backend/mod.ts";
import { resolveConfig, runSchema } from "../config/mod.ts";
import type { Plugin } from "../plugin/mod.ts";
import { createTrainingState, type TrainingState } from "./training_state.ts";

/**
 * A training of one model plugin, which has no options.
 * @param values run options; the data set has as many images as a batch
 */
export function trainingOf(
  backend: Backend,
  model: Plugin,
  values: { resolution: number; batch: number } & Record<string, unknown>,
): TrainingState {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const { batch: count, resolution: maxResolution } = values;
  return createTrainingState({
    run,
    plugins: { model: { plugin: model, specifier: model.name, config: {} }, addOns: [] },
    dataset: {
      ...{ kind: "images", name: "", source: "", digest: "", count, heldOutCount: 0 },
      ...{ channels: 3, maxResolution, labels: [], skipped: [] },
    },
    backend,
  });
}
