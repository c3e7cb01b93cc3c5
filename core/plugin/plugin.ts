/**
 * What a plugin is: a configuration schema, plain state, hooks, and what it adds to the command
 * line.
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

/** What a plugin's command is given. */
export interface PluginCommandContext<C = Config, M extends Model = Model> {
  /** What stood on the command line beside options. */
  args: string[];
  options: Readonly<C>;
  /**
   * Opens a run of this plugin with its averaged generator loaded; without an id, that of `--run`,
   * else the newest. A run of another plugin is refused.
   */
  openRun(id?: string): Promise<OpenedRun<M>>;
  /**
   * The data that a run learned from, if it is still there.
   * @param source other data instead, as `--data` names it: prepared alike, and all of it held out
   * @param options.resolution the largest of other data that is read, px a side; default: the run's
   * present one
   */
  openDataset(
    run: OpenedRun,
    source?: string,
    options?: { resolution?: number },
  ): Promise<Dataset>;
  /**
   * Asserts, before work whose result it holds, that a file can be written; its folder needn't be
   * there yet.
   * @param options.overwrite whether a file that is there may be replaced; default: it may
   * @throws ConfigError where it can't be written, or exists and may not be replaced
   */
  expectWritableFile(path: string, options?: { overwrite?: boolean }): Promise<void>;
  /** Asserts likewise that files can be written to a folder. */
  expectWritableFolder(folder: string): Promise<void>;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Shows how far the command is, 0 … 1. */
  progress(fraction: number, message: string): void;
  /**
   * Aborted by Ctrl-C. It is heard when the event loop has a turn: tensor code gives it none by
   * itself, `await new Promise((resolve) => setTimeout(resolve))` does.
   */
  signal: AbortSignal;
}

/**
 * A command that a plugin adds to the command line; write it in `defineCommand`, which types its
 * options.
 */
export interface PluginCommand<
  S extends ConfigSchema = ConfigSchema,
  M extends Model = Model,
> {
  /** As it is typed: `deno task NAME`. */
  name: string;
  /** One line for `--help`. */
  description: string;
  /** As commander reads it, e.g. "<images...>". */
  arguments: string;
  /**
   * Its own options: their flags, help and errors come from it, as those of a plugin's `config`.
   */
  options: S;
  /**
   * False where it opens no run: then it has no `--run` and no flags of the machine. Default true.
   */
  needsRun?: boolean;
  /**
   * Does it.
   * @throws ConfigError where an option can't be what it is: exit code 2, as for all wrong options
   */
  run(context: PluginCommandContext<ConfigOf<S>, M>): Promise<void>;
}

/** What a plugin's `prepare` is given. */
export interface Preparation<C = Config> {
  /** The plugin's own options, resolved. */
  readonly config: Readonly<C>;
  readonly run: Readonly<RunConfig>;
  /** Tells the user a line. */
  log(message: string): void;
  /** Shows how far it is, 0 … 1. */
  progress(fraction: number, message: string): void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Figures of a run as a table; null where there is none. */
export interface MeasuredTable {
  /** Above the table. */
  title: string;
  /** Heads of the columns. */
  columns: string[];
  /** Each as long as `columns`. */
  rows: (string | number | null)[][];
}

/** What a plugin's `measure` is given. */
export interface MeasureOptions {
  count: number;
  /** px a side; absent: the run's present one. */
  resolution?: number;
  /** File of VGG-19's weights; absent: as the run found them, else the cache. */
  vggWeights?: string;
  /** Shows how far it is, 0 … 1. */
  progress(fraction: number, message: string): void;
  /** Told what the figures lack, and why. */
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
  /** A model makes the networks, one a run; add-ons join it. */
  kind: "model" | "add-on";
  /**
   * What a model needs from the data. Default "images". An add-on declares it to have its tensors
   * typed.
   */
  data?: D;
  /**
   * Leave out images smaller than the last resolution: for models that learn detail. Default false.
   */
  skipSmaller?: boolean;
  /**
   * Whether it can learn from pictures that keep their opacity as a fourth channel
   * (`--transparent`); where it can't, they are refused before data is read. Default true.
   */
  opacity?: boolean;
  /**
   * Whether it learns from crops of whole pictures, at any place, instead of a square of each.
   * Default: never.
   */
  crops?(config: Readonly<ConfigOf<S>>): boolean;
  /**
   * How its options want sketches to become pairs, and varied. Default: as the data's format
   * suggests.
   */
  sketches?(config: Readonly<ConfigOf<S>>): SketchOptions;
  /** Its options: their flags, help and errors come from it. */
  config: S;
  /** Named sets of options, for `--preset`. */
  presets?: Readonly<Record<string, Preset>>;
  /** The preset that is taken when none is named. */
  defaultPreset?: string;
  /** The state at the start of a run. */
  state?(): State;
  /**
   * Before training builds anything: fetches what hooks, which can't wait, will read (weights,
   * files).
   */
  prepare?(preparation: Preparation<ConfigOf<S>>): Promise<void>;
  /**
   * Which of its charts the watch for collapse and divergence looks at, by what they mean; of
   * several the largest counts. A model with a `preview` of its own charts "sampleDiversity" and
   * "realDiversity" in `sampled`.
   */
  watches?: Readonly<Partial<Record<WatchedSignal, readonly string[]>>>;
  /** Panels on the dashboard's page of a run; hooks fill them by `context.show`. */
  panels?: P;
  /**
   * A model's networks at the first resolution; called once a run. What it returns is
   * `context.model` of the hooks. Write it before `hooks`: types are inferred from the top down.
   * @throws ConfigError where it can't be built of the options: told as it is, with exit code 2
   */
  build?(context: Context<ConfigOf<S>, State, P, Model, NoInfer<D>>): M;
  hooks: Hooks<ConfigOf<S>, State, P, NoInfer<M>, NoInfer<D>>;
  /**
   * Figures for `metrics`. A model's own stand in the place of those of generated images, an
   * add-on's beside them.
   */
  measure?(
    run: OpenedRun<NoInfer<M>>,
    dataset: Dataset,
    options: MeasureOptions,
  ): Promise<MeasuredTable[]>;
  /** Commands of its own. */
  commands?: readonly PluginCommand[];
  /**
   * How the dashboard's Explore page plays with a run whose images don't come from latents alone.
   */
  explore?: PluginExplore;
  /**
   * What `deno task export` writes of a run whose images don't come from latents alone. Its
   * functions run with the weights that are exported.
   */
  exports?(run: OpenedRun<NoInfer<M>>): ExportedModel;
}
