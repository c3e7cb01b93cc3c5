/**
 * Runs a few steps of a phase before it is trained, to find out what they cost and whether they fit
 * into memory.
 */
export { type ChromeTrace, chromeTrace, slowestOps } from "./chrome_trace.ts";
export { createGrowthGuard } from "./growth_guard.ts";
export { costsOf, measurePhases } from "./measure_costs.ts";
export { profileSteps, type StepProfile } from "./profile.ts";
export { type PhaseProbe, probePhase, probePhases } from "./rehearsal.ts";
export { relativeTimesOf } from "./relative_times.ts";
