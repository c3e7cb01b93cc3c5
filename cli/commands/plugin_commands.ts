/**
 * Commands that plugins add: `deno task upscale`, `deno task complete`, or one of a user's own
 * plugin.
 */
import { print } from "../terminal/print.ts";
import { Command } from "commander";
import type { Backend } from "../../core/backend/mod.ts";
import { COMMAND_LINE, resolveFields } from "../../core/config/mod.ts";
import { expectWritableFile, expectWritableFolder } from "../../core/expect_writable.ts";
import type {
  LoadedPlugin,
  OpenedRun,
  PluginCommand,
  PluginCommandContext,
} from "../../core/plugin/mod.ts";
import { latestRun } from "../../core/run/mod.ts";
import { PLUGINS } from "../../plugins/registry.ts";
import { valuesOf } from "../flags/argv.ts";
import { addFields, givenFields } from "../flags/fields.ts";
import { InterruptedError, UsageError } from "../errors.ts";
import { loadPlugin } from "../../core/run/plugins/load_plugin.ts";
import { openMeasuredDataset } from "../../core/run/data/measured_dataset.ts";
import { modelOf } from "../../core/run/spec/run_spec.ts";
import { readSavedRun } from "../../core/run/spec/saved_run.ts";
import { watchRejections } from "../../core/reporting/floating_rejection.ts";
import { stopSignals } from "../terminal/stop_signals.ts";
import { createStatus } from "../terminal/status.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { trustOf, trustOption } from "../flags/trust_flag.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { type OpenRun, openRun } from "../../core/run/open_run.ts";
import { chooseRun, isThere } from "../../core/run/places.ts";

/** A command and the plugin that adds it. */
export interface FoundCommand {
  loaded: LoadedPlugin;
  command: PluginCommand;
}

/**
 * Finds the commands of the plugins that `--plugin` names, then those of the shipped plugins; the
 * first of each name wins.
 * @param taken names of Cambium's own commands, which a plugin cannot replace; an attempt gives a
 * warning
 * @throws UsageError where `--plugin` names no plugin
 */
export async function findPluginCommands(
  argv: readonly string[],
  taken: readonly string[],
): Promise<FoundCommand[]> {
  const specifiers = new Set([...valuesOf(argv, "--plugin"), ...Object.keys(PLUGINS)]);
  const trust = trustOf(argv.includes("--trust"));
  const found = new Map<string, FoundCommand>();
  for (const specifier of specifiers) {
    const loaded = await loadPlugin(specifier, { trust });
    for (const command of loaded.plugin.commands ?? []) {
      if (taken.includes(command.name)) {
        createStatus().warn(
          `the command "${command.name}" of plugin "${loaded.plugin.name}" can't be run: Cambium ` +
            "has one of that name. Give it another",
        );
      } else if (!found.has(command.name)) found.set(command.name, { loaded, command });
    }
  }
  return [...found.values()];
}

/** Adds a plugin's command: its own options first, then those shared by all commands on a run. */
export function registerPluginCommand(program: Command, { loaded, command }: FoundCommand): void {
  const own = program.command(command.name)
    .description(command.description)
    .summary(`${command.description} (plugin ${loaded.plugin.name})`);
  if (command.arguments !== "") own.arguments(command.arguments);
  addFields(own, command.options, "Options:");
  const common = command.needsRun === false ? new Command() : addRun(new Command())
    .option("--cache <folder>", "Folder for prepared data (default: the user's cache)");
  if (!Object.hasOwn(PLUGINS, loaded.specifier)) {
    common.option("--plugin <path>", "The plugin that has this command");
    if (command.needsRun === false) common.addOption(trustOption());
  }
  for (const option of common.options) {
    if (!own.options.some((o) => o.long === option.long)) own.addOption(option);
  }
  own.action(async (...given: unknown[]) => {
    // the last two are the options and the command
    const args = given.slice(0, -2).flat().filter((arg) => arg !== undefined);
    await runCommand({ loaded, command }, args.map(String), own.opts());
  });
}

type Flags = RunFlags & { cache?: string } & Record<string, unknown>;

async function runCommand(
  { loaded, command }: FoundCommand,
  args: string[],
  flags: Flags,
): Promise<void> {
  const status = createStatus(flags.json === true);
  const signals = stopSignals((name, endsAtOnce) =>
    status.log(`${name}: stopping${endsAtOnce ? "; once more ends at once" : ""}`)
  );
  const rejections = watchRejections([loaded], (error) => signals.stop(error.message));
  const opened = new Map<OpenedRun, OpenRun>();
  let backend: Backend | undefined;
  /**
   * Returns what was just opened, or closes it and throws if the command was stopped in the
   * meantime.
   */
  const unlessStopped = <T>(value: T, close: () => void): T => {
    if (signals.signal.aborted) close();
    signals.signal.throwIfAborted();
    return value;
  };
  const context: PluginCommandContext = {
    args,
    options: resolveFields(
      command.options,
      givenFields(flags, command.options),
      () => COMMAND_LINE,
    ),
    signal: signals.signal,
    expectWritableFile,
    expectWritableFolder,
    print(line) {
      status.done();
      print(line);
    },
    progress: (fraction, message) => status.progress(message, fraction),
    async openRun(id) {
      const wanted = id ?? flags.run ?? await newestOf(loaded, flags);
      const folder = await chooseRun(flags, wanted, status, loaded.plugin.name);
      const saved = await readSavedRun(folder);
      if (!saved.plugins.some((p) => p.name === loaded.plugin.name)) {
        throw new UsageError(
          `Cannot ${command.name} with ${folder.id}: expected a run of plugin ` +
            `"${loaded.plugin.name}", ` +
            `received one of "${modelOf(saved).name}". Name another with --run`,
        );
      }
      const run = backend
        ? await openRun({
          run: folder.folder,
          checkpoint: flags.checkpoint,
          notices: status,
          backend,
          trust: trustOf(flags.trust),
        })
        : await openChosenRun({ ...flags, run: folder.folder }, status);
      backend = run.backend;
      opened.set(run, run);
      return unlessStopped(run, () => run.dispose());
    },
    async openDataset(run, source, options) {
      const known = opened.get(run);
      if (!known) {
        throw new TypeError("Cannot open the data: expected a run that openRun() returned");
      }
      const resolution = options?.resolution ?? known.resolution;
      const dataset = await openMeasuredDataset(known, source, {
        notices: status,
        cache: flags.cache,
        resolution,
      });
      return unlessStopped(dataset, () => dataset.close());
    },
  };
  try {
    await command.run(context);
    await rejections.settle();
    if (rejections.error) throw rejections.error;
  } catch (cause) {
    if (rejections.error) throw rejections.error; // the command's own error is only a consequence
    if (signals.signal.aborted) {
      throw new InterruptedError(`${command.name} was stopped`, { cause });
    }
    throw cause;
  } finally {
    await rejections.close();
    signals.dispose();
    status.done();
  }
}

/** @throws UsageError where there is no run of the plugin */
async function newestOf({ plugin, specifier }: LoadedPlugin, { runs }: Flags): Promise<string> {
  const newest = await latestRun(runs, plugin.name);
  if (newest) return newest.folder;
  throw new UsageError(
    `Cannot find a run: expected one of plugin "${plugin.name}" in "${runs}", received ${
      await isThere(runs) ? "none" : "no such folder"
    }. Start one: deno task train --plugin ${specifier}`,
  );
}
