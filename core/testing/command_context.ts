/** What a plugin's command is given in its test. */
import type { PluginCommandContext } from "../plugin/mod.ts";

/** A context that keeps what a command prints. */
export interface TestCommandContext extends PluginCommandContext {
  /** Printed so far. */
  lines: string[];
}

/**
 * A context for a command's test: no arguments, no options, and neither a run nor data, unless they are given.
 *
 * @example
 * ```ts ignore
 * import { commandContext } from "cambium/testing";
 *
 * const context = commandContext({ args: ["a.png"], options: { count: "2" } });
 * await command.run(context);
 * assert.deepEqual(context.lines, ["a.png: 2 candidates"]);
 * ```
 */
export function commandContext(given: Partial<PluginCommandContext> = {}): TestCommandContext {
  const lines: string[] = [];
  return {
    args: [],
    options: {},
    openRun: () => Promise.reject(new Error("Cannot open a run: expected none in this test")),
    openDataset: () => Promise.reject(new Error("Cannot open data: expected none in this test")),
    print: (line) => void lines.push(line),
    progress() {},
    signal: new AbortController().signal,
    ...given,
    lines,
  };
}
