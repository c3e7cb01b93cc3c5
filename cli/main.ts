/** The command line: `deno task <command>`. */
import { Command, CommanderError } from "commander";
import { describeError, EXIT, exitCodeOf } from "./errors.ts";
import { guardDebugger } from "../core/guard_debugger.ts";
import { exitNow } from "./terminal/exit_now.ts";
import { answersSignals } from "./terminal/stop_signals.ts";
import { trustAdvice } from "./flags/trust_flag.ts";
import { printable } from "../core/text.ts";
import { FloatingRejectionError, isWatched } from "../core/reporting/floating_rejection.ts";
import { clearStatus } from "./terminal/status.ts";
import { enterTypedFolder } from "../core/run/typed_folder.ts";
import { WorkerLostError } from "../core/workers/worker_lost_error.ts";

/** Commands by name; a module is loaded only when its command runs. */
const COMMANDS: Record<
  string,
  () => Promise<{ register(program: Command, argv: string[]): void | Promise<void> }>
> = {
  train: () => import("./commands/train.ts"),
  sample: () => import("./commands/sample.ts"),
  mix: () => import("./commands/mix.ts"),
  walk: () => import("./commands/walk.ts"),
  directions: () => import("./commands/directions.ts"),
  project: () => import("./commands/project.ts"),
  transfer: () => import("./commands/transfer.ts"),
  export: () => import("./commands/export.ts"),
  data: () => import("./commands/data.ts"),
  runs: () => import("./commands/runs.ts"),
  metrics: () => import("./commands/metrics.ts"),
  plugin: () => import("./commands/plugin.ts"),
  doctor: () => import("./commands/doctor.ts"),
  bench: () => import("./commands/bench.ts"),
  web: () => import("./commands/web.ts"),
  explorer: () => import("./commands/explorer.ts"),
};

/**
 * Runs one command.
 * @param argv without the program's own name
 * @returns the exit code
 */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("deno task")
    .description("Cambium: progressive GAN training for Deno")
    .showHelpAfterError("(add --help to see all commands and options)")
    .showSuggestionAfterError()
    .exitOverride();
  try {
    enterTypedFolder();
    await register(program, argv);
    for (const command of program.commands) command.copyInheritedSettings(program);
    await program.parseAsync(argv, { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    clearStatus();
    console.error(describeError(error));
    const advice = trustAdvice(error, argv);
    if (advice !== undefined) console.error(printable(advice));
    if (Deno.env.get("CAMBIUM_DEBUG") && error instanceof Error) {
      console.error(printable(error.stack ?? ""));
    }
    const code = exitCodeOf(error);
    // TensorFlow's threads are still waiting for the lost worker
    return error instanceof WorkerLostError ? exitNow(code) : code;
  }
}

/**
 * Adds the command that `argv` names. If it names none, adds all of them, for the help and
 * suggestions.
 */
async function register(program: Command, argv: string[]): Promise<void> {
  const [name = "", ...rest] = argv;
  const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (known) return await (await known()).register(program, rest);
  const { findPluginCommands, registerPluginCommand } = await import(
    "./commands/plugin_commands.ts"
  );
  const brought = await findPluginCommands(rest, Object.keys(COMMANDS));
  const wanted = brought.find(({ command }) => command.name === name);
  if (wanted) return registerPluginCommand(program, wanted);
  for (const load of Object.values(COMMANDS)) await (await load()).register(program, rest);
  for (const found of brought) registerPluginCommand(program, found);
}

if (import.meta.main) {
  await guardDebugger(() => {
    if (!answersSignals()) exitNow(EXIT.signalled);
  });
  endOnRejection();
  Deno.exit(await main(Deno.args));
}

/**
 * Ends a command with a plain message when an error is thrown that nobody awaits. Training and
 * plugins' commands handle such errors themselves.
 */
function endOnRejection(): void {
  const end = (event: Event, error: FloatingRejectionError) => {
    event.preventDefault();
    clearStatus();
    console.error(describeError(error));
    if (Deno.env.get("CAMBIUM_DEBUG")) console.error(error.cause);
    exitNow(EXIT.failed);
  };
  globalThis.addEventListener("unhandledrejection", (event) => {
    if (!isWatched()) end(event, new FloatingRejectionError(undefined, event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    if (!isWatched()) end(event, new FloatingRejectionError(undefined, event.error, "callback"));
  });
}
