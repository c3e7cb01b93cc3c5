/**
 * The definition of a plugin: option schema, state, hooks, and what it adds to the command line and
 * the dashboard.
 */
import type { Config, ConfigOf, ConfigSchema, RunConfig } from "../config/mod.ts";
import type { DataKind, Dataset, SketchOptions } from "../data.ts";
import type { PluginExplore } from "./explore.ts";
import type { ExportedModel } from "./exported.ts";
import type { WatchedSignal } from "../metrics/collapse_alarms.ts";
import type { OpenedRun } from "./opened_run.ts";
import type { Panels } from "./panels.ts";
import type { Context, Hooks, PluginState } from "./hooks.ts";
import type { Model } from "./model.ts";

/** Options of the run and of the plugin that a preset sets. */
export interface Preset {
  /** One line for help and the dashboard. */
  description: string;
  /** Options of the run and of the plugin; others keep their defaults. */
  values: Partial<RunConfig> & Record<string, unknown>;
}

/** What a plugin's command gets. */
export interface PluginCommandContext<C = Config, M extends Model = Model> {
  /** Positional arguments. */
  args: string[];
  options: Readonly<C>;
  /**
   * Opens a run of this plugin with its averaged generator loaded. Default: the run of `--run`,
   * else the newest. Throws for a run of another plugin.
   */
  openRun(id?: string): Promise<OpenedRun<M>>;
  /**
   * The data that a run was trained on, if it still exists.
   * @param source other data, as for `--data`: prepared the same way, all of it held out
   * @param options.resolution the largest resolution at which other data is read, px; default: the
   * run's current one
   */
  openDataset(
    run: OpenedRun,
    source?: string,
    options?: { resolution?: number },
  ): Promise<Dataset>;
  /**
   * Asserts that a file can be written; call it before the work that produces the file. Its folder
   * need not exist yet.
   * @param options.overwrite whether an existing file may be replaced; default true
   * @throws ConfigError where it can't be written, or exists and may not be replaced
   */
  expectWritableFile(path: string, options?: { overwrite?: boolean }): Promise<void>;
  /** Asserts in the same way that files can be written to a folder. */
  expectWritableFolder(folder: string): Promise<void>;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Shows the command's progress; `fraction` is 0 … 1. */
  progress(fraction: number, message: string): void;
  /**
   * Aborted by Ctrl-C, once the event loop gets a turn. Tensor code alone blocks the loop; to
   * yield, use `await new Promise((resolve) => setTimeout(resolve))`.
   */
  signal: AbortSignal;
}

/**
 * A command that a plugin adds to the command line. Write it with `defineCommand`, which infers the
 * types of its options.
 */
export interface PluginCommand<
  S extends ConfigSchema = ConfigSchema,
  M extends Model = Model,
> {
  /** The name to type: `deno task NAME`. */
  name: string;
  /** One line for `--help`. */
  description: string;
  /** Positional arguments in commander's syntax, e.g. "<images...>". */
  arguments: string;
  /**
   * Its options; flags, help and errors are derived from the schema, as for a plugin's `config`.
   */
  options: S;
  /** False where it opens no run: it then has neither `--run` nor backend flags. Default true. */
  needsRun?: boolean;
  /**
   * Runs the command.
   * @throws ConfigError where an option's value is invalid: exit code 2, as for all wrong options
   */
  run(context: PluginCommandContext<ConfigOf<S>, M>): Promise<void>;
}

/** What a plugin's `prepare` gets. */
export interface Preparation<C = Config> {
  /** The plugin's own options, resolved. */
  readonly config: Readonly<C>;
  readonly run: Readonly<RunConfig>;
  /** Prints a line for the user. */
  log(message: string): void;
  /** Shows the progress; `fraction` is 0 … 1. */
  progress(fraction: number, message: string): void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Metrics of a run as a table. */
export interface MeasuredTable {
  /** Shown above the table. */
  title: string;
  /** Column headings. */
  columns: string[];
  /** Each as long as `columns`; null where there is no value. */
  rows: (string | number | null)[][];
}

/** What a plugin's `measure` gets. */
export interface MeasureOptions {
  count: number;
  /** px a side; default: the run's current one. */
  resolution?: number;
  /** File with VGG-19's weights; default: where the run found them, else the cache. */
  vggWeights?: string;
  /** Shows the progress; `fraction` is 0 … 1. */
  progress(fraction: number, message: string): void;
  /** Reports which metrics are missing, and why. */
  warn?(message: string): void;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** A plugin: what `definePlugin` checks and the driver runs. */
export interface Plugin<
  S extends ConfigSchema = ConfigSchema,
  State extends PluginState = PluginState,
  P extends Panels = Panels,
  M extends Model = Model,
  D extends DataKind = DataKind,
> {
  /** a-z, 0-9 and "-"; `--plugin` takes it. */
  name: string;
  /** One line for help and the dashboard. */
  description: string;
  /** A model makes the networks, one per run; add-ons extend it. */
  kind: "model" | "add-on";
  /**
   * The kind of data that a model needs. Default "images". Add-ons may declare it to have their
   * tensors typed.
   */
  data?: D;
  /**
   * Whether to skip images smaller than the last resolution: for models that learn fine detail.
   * Default false.
   */
  skipSmaller?: boolean;
  /**
   * Whether it supports pictures with opacity as a fourth channel (`--transparent`). Where false,
   * the option is refused before data is read. Default true.
   */
  opacity?: boolean;
  /**
   * Whether it trains on random crops of whole pictures, instead of one square of each. Default:
   * never.
   */
  crops?(config: Readonly<ConfigOf<S>>): boolean;
  /**
   * How sketches are split into pairs and augmented, given its options. Default: as the data's
   * format suggests.
   */
  sketches?(config: Readonly<ConfigOf<S>>): SketchOptions;
  /** Its options; flags, help and errors are derived from the schema. */
  config: S;
  /** Named sets of options, for `--preset`. */
  presets?: Readonly<Record<string, Preset>>;
  /** The preset used where none is named. */
  defaultPreset?: string;
  /** The state at the start of a run. */
  state?(): State;
  /**
   * Called before anything is built: fetches weights or files that hooks, which are synchronous,
   * will read.
   */
  prepare?(preparation: Preparation<ConfigOf<S>>): Promise<void>;
  /**
   * Which of its curves the watch for collapse and divergence should follow, by meaning; of several
   * curves, the largest value counts. A model with its own `preview` should chart "sampleDiversity"
   * and "realDiversity" in `sampled`.
   */
  watches?: Readonly<Partial<Record<WatchedSignal, readonly string[]>>>;
  /** Panels on the dashboard's page of a run; hooks fill them with `context.show`. */
  panels?: P;
  /**
   * Builds a model's networks at the first resolution; called once when they are created. Hooks get
   * the result as `context.model`. Write it before `hooks`: types are inferred from top to bottom.
   * @throws ConfigError where the options don't allow it: its message is printed as it is, with
   * exit code 2
   */
  build?(context: Context<ConfigOf<S>, State, P, Model, NoInfer<D>>): M;
  hooks: Hooks<ConfigOf<S>, State, P, NoInfer<M>, NoInfer<D>>;
  /**
   * Metrics for `deno task metrics`. A model's replace the standard ones of generated images; an
   * add-on's are added to them.
   */
  measure?(
    run: OpenedRun<NoInfer<M>>,
    dataset: Dataset,
    options: MeasureOptions,
  ): Promise<MeasuredTable[]>;
  /** Commands of its own. */
  commands?: readonly PluginCommand[];
  /** How the dashboard's Explore page handles a run whose images don't come from latents alone. */
  explore?: PluginExplore;
  /**
   * What `deno task export` writes for a run whose images don't come from latents alone. Its
   * functions run with the exported weights.
   */
  exports?(run: OpenedRun<NoInfer<M>>): ExportedModel;
}
