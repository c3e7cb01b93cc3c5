/** The context of a plugin's command in a test. */
import { COMMAND_LINE, type ConfigOf, type ConfigSchema, resolveFields } from "../config/mod.ts";
import { expectWritableFile, expectWritableFolder } from "../expect_writable.ts";
import type { Model, PluginCommand, PluginCommandContext } from "../plugin/mod.ts";

/** A context that collects what a command prints. */
export interface TestCommandContext<C, M extends Model> extends PluginCommandContext<C, M> {
  /** The lines printed so far. */
  lines: string[];
}

/** What a test passes to a command with options `C`. */
export type GivenToCommand<C, M extends Model> =
  & Partial<Omit<PluginCommandContext<C, M>, "options">>
  & {
    /** Options as given on the command line: the schema adds defaults, and refuses invalid ones. */
    options?: Partial<C>;
  };

/**
 * A context for a command's test. By default it has no arguments, default options, and neither a
 * run nor data.
 *
 * @example
 * ```ts ignore
 * import { commandContext } from "cambium/testing";
 *
 * const context = commandContext(command, { args: ["a.png"], options: { count: 2 } });
 * await command.run(context);
 * assert.deepEqual(context.lines, ["a.png: 2 candidates"]);
 * ```
 * @throws ConfigError if an option is invalid
 */
export function commandContext<const S extends ConfigSchema, M extends Model>(
  command: PluginCommand<S, M>,
  given: GivenToCommand<ConfigOf<S>, M> = {},
): TestCommandContext<ConfigOf<S>, M> {
  const lines: string[] = [], { options = {}, ...rest } = given;
  return {
    args: [],
    openRun: () => Promise.reject(new Error("Cannot open a run: expected none in this test")),
    openDataset: () => Promise.reject(new Error("Cannot open data: expected none in this test")),
    expectWritableFile,
    expectWritableFolder,
    print: (line) => void lines.push(line),
    progress() {},
    signal: new AbortController().signal,
    ...rest,
    options: resolveFields(command.options, options, () => COMMAND_LINE),
    lines,
  };
}
