/** The training of a run. */
export { type AdoptedWeights, adoptWeights } from "./adopt_weights.ts";
export { createNetworkStep, type StepValues } from "./step/network_step.ts";
export { drawPreview, type HostPreview, inChunks, previewLatents } from "./preview.ts";
export { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
export { train } from "./train.ts";
export type { GrowthGuard, RunOutput, TrainOptions, TrainResult } from "./train_options.ts";
export {
  createTrainingState,
  NETWORKS,
  optionsOf,
  parameterCounts,
  type TrainingState,
  type TrainingStateOptions,
} from "./training_state.ts";
