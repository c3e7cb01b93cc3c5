/** The training of a run. */
export { type AdoptedWeights, adoptWeights } from "./adopt_weights.ts";
export { type ChromeTrace, chromeTrace, slowestOps } from "./chrome_trace.ts";
export { DivergedError } from "./diverged_error.ts";
export { availableMemory } from "./memory.ts";
export { costsOf, measurePhases } from "./measure_costs.ts";
export { createNetworkStep, type StepValues } from "./network_step.ts";
export { drawPreview, type HostPreview, inChunks, previewLatents } from "./preview.ts";
export { profileSteps, type StepProfile } from "./profile.ts";
export { type PhaseProbe, probePhase, probePhases } from "./rehearsal.ts";
export { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
export { train } from "./train.ts";
export type { RunOutput, TrainOptions, TrainResult } from "./train_options.ts";
export {
  createTrainingState,
  NETWORKS,
  optionsOf,
  parameterCounts,
  type TrainingState,
  type TrainingStateOptions,
} from "./training_state.ts";
