/** The command line: `deno task <command>`. */
import { Command, CommanderError } from "commander";
import { ConfigError } from "../core/mod.ts";
import { describeError, EXIT, UsageError } from "./errors.ts";

/** Commands by name; a module is loaded only when its command runs. */
const COMMANDS: Record<
  string,
  () => Promise<{ register(program: Command, argv: string[]): void | Promise<void> }>
> = {
  train: () => import("./commands/train.ts"),
  sample: () => import("./commands/sample.ts"),
  mix: () => import("./commands/mix.ts"),
  walk: () => import("./commands/walk.ts"),
  data: () => import("./commands/data.ts"),
  runs: () => import("./commands/runs.ts"),
  doctor: () => import("./commands/doctor.ts"),
};

/**
 * Runs one command.
 * @param argv without the program's own name
 * @returns the exit code
 */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("deno task")
    .description("Cambium: progressive GAN training for Deno")
    .showHelpAfterError("(add --help for what there is)")
    .showSuggestionAfterError()
    .exitOverride();
  try {
    const name = argv[0] ?? "--help";
    const load = COMMANDS[name];
    for (
      const module of load
        ? [await load()]
        : await Promise.all(Object.values(COMMANDS).map((l) => l()))
    ) {
      await module.register(program, argv.slice(1));
    }
    for (const command of program.commands) command.copyInheritedSettings(program);
    await program.parseAsync(argv, { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    console.error(describeError(error));
    if (Deno.env.get("CAMBIUM_DEBUG") && error instanceof Error) console.error(error.stack);
    if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage;
    return EXIT.failed;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
