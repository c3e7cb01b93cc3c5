/** Parses the arguments of scripts; if they are wrong, prints a usage line. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/**
 * Like `parseArgs`, but for a wrong flag or --help it prints the flags' names and ends the process.
 */
export function parseFlags<const T extends ParseArgsConfig>(
  config: T,
): ReturnType<typeof parseArgs<T>> {
  const names = Object.keys(config.options ?? {}).map((name) => `--${name}`).join(", ");
  return parsed(config, `flags of ${names}`);
}

/**
 * Parses the arguments of a script without flags.
 * @param names of the arguments, such as "MINUTES"; one that ends in "…" stands for one or more
 * @param least how many are required
 */
export function parseWords(names: readonly string[], least = 0): string[] {
  const expected = names.map((name, i) => i < least ? name : `[${name}]`).join(" ");
  const { positionals } = parsed({ allowPositionals: true, options: {} }, expected);
  const most = names.at(-1)?.endsWith("…") ? Infinity : names.length, count = positionals.length;
  if (count >= least && count <= most) return positionals;
  return refuse(expected, count === 0 ? "nothing" : positionals.join(" "));
}

/** Parses a number of at least 0; any other text ends the process. */
export function numberOf(name: string, text: string): number {
  const number = text.trim() === "" ? NaN : Number(text);
  if (number >= 0 && number < Infinity) return number;
  return refuse(`a number of 0 or more as ${name}`, `"${text}"`);
}

function parsed<const T extends ParseArgsConfig>(
  config: T,
  expected: string,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [received] = (error instanceof Error ? error.message : String(error)).split(". ");
    return refuse(expected, `another: ${received}`);
  }
}

function refuse(expected: string, received: string): never {
  console.error(`Cannot run: expected ${expected}; received ${received}`);
  Deno.exit(2);
}
