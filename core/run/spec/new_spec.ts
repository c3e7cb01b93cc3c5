/** Builds a run's specification from the requested options. */
import {
  COMMAND_LINE,
  type ConfigLayer,
  resolveConfig,
  type RunConfig,
  runSchema,
} from "../../config/mod.ts";
import { inOrder, type RunPlugins } from "../../plugin/mod.ts";
import { savedSource } from "../data/saved_source.ts";
import { optionsOfRecord } from "./options_of_record.ts";
import { resolveAll, resolveOptions } from "./resolve_options.ts";
import { RunError } from "../run_error.ts";
import { refuseIdleDecay } from "./idle_decay.ts";
import { expectPlannable, expectPlanned } from "./run_plan.ts";
import { type DataSpec, type MachineSpec, modelOf, type RunSpec } from "./run_spec.ts";
import { VERSION } from "../version.ts";

/** What a user or program requests; absent options keep their defaults, or the run's values. */
export interface RunRequest {
  /** Options of the run and its plugins by name. */
  values: Record<string, unknown>;
  /** Where the images come from and how they are made square. */
  data: Partial<DataSpec>;
  machine: Partial<MachineSpec>;
  /** A budget from which its phases are planned. */
  minutes?: number | undefined;
}

/** Options of a file, and further parts where it is a run's `config.json`. */
export interface SpecFile extends ConfigLayer {
  /** Defaults where nothing else is requested. */
  run?: Partial<Pick<RunSpec, "plugins" | "preset" | "data" | "machine" | "options">>;
  /**
   * Whether it is the record of a source run (`--from`): a preset other than that run's then
   * overrides its options, except those that determine where the weights start.
   */
  isSource?: true;
}

/** Defaults of data and machine. */
const DATA_DEFAULTS: DataSpec = {
  fit: "cover",
  background: "#ffffff",
  channels: 3,
  heldOut: 0.05,
};
const MACHINE_DEFAULTS: MachineSpec = { backend: "auto", threads: 0 };

/**
 * Specifies a new run: defaults, then the preset, then a file's options, then the requested ones.
 * With a source run, a new preset comes after that run's options.
 * @param file options of a file, with data and machine where it is a run's `config.json`
 * @throws RunError for an unknown preset or an option that the model can't use, ConfigError for a
 * wrong option
 */
export function newSpec(
  loaded: RunPlugins,
  request: RunRequest,
  { preset, file }: { preset?: string | undefined; file?: SpecFile | undefined } = {},
): RunSpec {
  expectUsable(loaded, request);
  const { values } = request;
  const isNewPreset = file?.isSource === true && preset !== file.run?.preset;
  const { startResolution, firstBlock } = file?.values ?? {};
  const resolved = resolveOptions(loaded, {
    preset,
    file: file && wholeFile(file, loaded),
    presetLast: isNewPreset,
    flags: isNewPreset ? { startResolution, firstBlock, ...values } : values,
  });
  expectLengths(request, resolved.run);
  return {
    ...commonOf(loaded),
    ...resolved,
    data: dataSpecOf(loaded, { ...DATA_DEFAULTS, ...file?.run?.data }, request),
    machine: { ...MACHINE_DEFAULTS, ...file?.run?.machine, ...request.machine },
  };
}

/**
 * Specifies a resumed run: its saved options, then the requested ones.
 * @param force allows planning a run from a budget that was not planned so before
 * @throws RunError where the model is another one, or can't use an option; ConfigError for a wrong
 * option
 */
export function resumedSpec(
  loaded: RunPlugins,
  saved: RunSpec,
  request: RunRequest,
  force = false,
): RunSpec {
  expectSameModel(saved, loaded.model.plugin.name);
  expectUsable(loaded, request);
  const { minutes } = request;
  if (minutes !== undefined && !force) expectPlanned(saved, minutes);
  // a missing plugin is reported separately
  const names = inOrder(loaded).map(({ plugin }) => plugin.name);
  const options = Object.entries(saved.options).filter(([name]) => names.includes(name));
  const values = { ...saved.run, ...Object.assign({}, ...options.map(([, own]) => own)) };
  const resolved = resolveAll(loaded, [
    { from: "the saved run", values },
    { from: COMMAND_LINE, values: request.values },
  ]);
  expectLengths(request, resolved.run);
  return {
    ...commonOf(loaded),
    preset: saved.preset,
    ...resolved,
    ...planOfSaved(saved, request),
    data: dataSpecOf(loaded, saved.data, request),
    machine: { ...saved.machine, ...request.machine },
    ...(saved.from ? { from: saved.from } : {}),
  };
}

/** @throws ConfigError where a budget and options give lengths, or a decay would do nothing */
function expectLengths({ minutes, values }: RunRequest, run: RunConfig): void {
  if (minutes !== undefined) expectPlannable(minutes, values, run);
  else refuseIdleDecay(values, run);
}

/** The saved plan; a newly requested resolution becomes the goal of the next plan. */
function planOfSaved(
  { plan }: RunSpec,
  { values: { resolution } }: RunRequest,
): Pick<RunSpec, "plan"> {
  if (!plan) return {};
  if (typeof resolution !== "number") return { plan };
  return { plan: { ...plan, rule: { ...plan.rule, resolution } } };
}

/**
 * Completes a run's record: options newer than it get their defaults, with which it was trained,
 * not a preset's values.
 */
function wholeFile(file: SpecFile, loaded: RunPlugins): SpecFile {
  if (!file.run?.plugins) return file;
  const schemas = [runSchema, ...inOrder(loaded).map(({ plugin }) => plugin.config)];
  const defaults = resolveConfig(schemas, []);
  return { ...file, values: Object.assign({}, ...defaults, optionsOfRecord(file, loaded)) };
}

function commonOf(loaded: RunPlugins): Pick<RunSpec, "version" | "plugins"> {
  return {
    version: VERSION,
    plugins: inOrder(loaded).map(({ plugin, specifier }) => ({ name: plugin.name, specifier })),
  };
}

/**
 * The options of a run's data: those from before, then the requested ones.
 * @throws RunError where they exclude each other, or a plugin does not support them
 */
function dataSpecOf(loaded: RunPlugins, before: DataSpec, request: RunRequest): DataSpec {
  const { source } = request.data;
  const data = { ...before, ...request.data };
  if (source !== undefined) {
    data.source = savedSource(source, loaded.model.plugin.data ?? "images");
  }
  expectNothingBehind(data.channels, request);
  expectOpaque(loaded, data);
  return data;
}

/** @throws RunError where options of images are given for a model of drawings */
function expectUsable({ model: { plugin } }: RunPlugins, { data }: RunRequest): void {
  if (plugin.data !== "sketches") return;
  const channels = data.channels === 4 ? "transparent" : "grey";
  const flags = { fit: "fit", background: "background", channels } as const;
  for (const [key, flag] of Object.entries(flags)) {
    if (data[key as keyof typeof flags] === undefined) continue; // it is a key of flags
    throw new RunError(
      `Cannot use --${flag}: expected a model of images, received ${plugin.name}, which learns ` +
        `from drawings. Leave it out`,
    );
  }
}

/**
 * @param channels of the data as it will be read, whoever said so
 * @throws RunError where a colour is to lie behind pictures that keep their opacity
 */
function expectNothingBehind(channels: DataSpec["channels"], { data }: RunRequest): void {
  if (channels !== 4 || data.background === undefined) return;
  const instead = data.channels === 4
    ? "Leave one out"
    : "Leave --background out, or give --no-transparent to a new run";
  throw new RunError(
    `Cannot use --background ${data.background} with --transparent: expected nothing behind pictures ` +
      `that keep their opacity. ${instead}`,
  );
}

/** @throws RunError where pictures keep their opacity and a plugin does not support it */
function expectOpaque(loaded: RunPlugins, { channels }: DataSpec): void {
  if (channels !== 4) return;
  const refusing = inOrder(loaded).find(({ plugin }) => plugin.opacity === false);
  if (!refusing) return;
  throw new RunError(
    `Cannot use --transparent: expected plugins that learn from opacity, received ` +
      `${refusing.plugin.name}, which takes colours alone. Leave one of them out; where the run ` +
      `of --from is transparent, --no-transparent does`,
  );
}

/** @throws RunError where another model is named than that of the resumed run */
export function expectSameModel(saved: RunSpec, model: string): void {
  const before = modelOf(saved);
  if (before.name === model) return;
  throw new RunError(
    `Cannot resume with --plugin ${model}: expected the run's own model, ${before.name}, which ` +
      `--plugin can't change. ` +
      `Leave --plugin out, or start a new run (without --resume)`,
  );
}
