/** The training of a run. */
export { type AdoptedWeights, adoptWeights } from "./adopt_weights.ts";
export { type ChromeTrace, chromeTrace, slowestOps } from "./rehearsal/chrome_trace.ts";
export { DivergedError } from "./reporting/diverged_error.ts";
export { availableMemory } from "./rehearsal/memory.ts";
export { costsOf, measurePhases } from "./rehearsal/measure_costs.ts";
export { createNetworkStep, type StepValues } from "./step/network_step.ts";
export { drawPreview, type HostPreview, inChunks, previewLatents } from "./preview.ts";
export { profileSteps, type StepProfile } from "./rehearsal/profile.ts";
export { type PhaseProbe, probePhase, probePhases } from "./rehearsal/rehearsal.ts";
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
