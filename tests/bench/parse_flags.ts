/** Flags of a script, told in a line where one is unknown or has no value. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** As `parseArgs`; for a wrong flag, and for --help, it ends the process with the flags' names. */
export function parseFlags<const T extends ParseArgsConfig>(
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const names = Object.keys(config.options ?? {}).map((name) => `--${name}`).join(", ");
    const [received] = (error instanceof Error ? error.message : String(error)).split(". ");
    console.error(`Cannot run: expected flags of ${names}; received another: ${received}`);
    Deno.exit(2);
  }
}
