/**
 * Runs from a program or a notebook: start, resume or open one, draw from it and measure it.
 *
 * @module
 */
export { ConfigError, type RunConfig } from "./config/mod.ts";
export type { Backend } from "./backend/types.ts";
export type { DatasetInfo } from "./data.ts";
export type { Observer, RunEvent } from "./events.ts";
export type { HostImages } from "./images/mod.ts";
export type { SwdResult } from "./metrics/mod.ts";
export type { LoadedPlugin, MeasuredTable, Model, OpenedRun, RunPlugins } from "./plugin/mod.ts";
export { DivergedError } from "./reporting/diverged_error.ts";
export type { TrainingState, TrainResult } from "./trainer/mod.ts";
export type { SeededLatent } from "./run/draw/draw_latents.ts";
export type { DrawOptions } from "./run/draw/draw_options.ts";
export type { ExportFormat, ExportOptions } from "./run/export/export_options.ts";
export type { ExportedFile } from "./run/export/export_run.ts";
export type { MixStylesOptions } from "./run/draw/mix_styles.ts";
export type { WalkOptions } from "./run/draw/walk.ts";
export type { Nearness } from "./run/latent/nearness.ts";
export type { ProjectedFile, ProjectFileOptions } from "./run/latent/project_file.ts";
export type { DistanceFeatures } from "./run/latent/picture_distance.ts";
export type { Source } from "./run/latent/styled_images.ts";
export type { PluginChoice, PluginObject } from "./run/plugins/load_plugins.ts";
export type { Trust, UntrustedPlugin } from "./run/plugins/trusted_plugins.ts";
export type { MachineOptions } from "./run/machine.ts";
export type { MsSsimComparison } from "./run/measure/compare_ms_ssim.ts";
export type { MeasureRunOptions, RunMeasures, SampleMeasures } from "./run/measure/measure_run.ts";
export type { KeptNotices, Notices } from "./run/notices.ts";
export { type OpenRun, openRun, type OpenRunOptions } from "./run/open_run.ts";
export type { RunCommand, RunCommands, SeriesPoint } from "./run/store/types.ts";
export type { RunPlaces } from "./run/places.ts";
export { resumeRun, type ResumeRunOptions } from "./run/resume_run.ts";
export type { GridOptions, Run } from "./run/run.ts";
export { RunError } from "./run/run_error.ts";
export type { DataSpec, MachineSpec, RunSpec, SavedRun } from "./run/spec/run_spec.ts";
export { type RunOptions, startRun, type StartRunOptions } from "./run/start_run.ts";
export type { TrainingRun, TrainRunOptions, TrainRunResult } from "./run/session/training_run.ts";
