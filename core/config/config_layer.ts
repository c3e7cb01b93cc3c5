/** A layer of options, and the error for a wrong option. */

/** An option is wrong; the message names it and says what was expected. */
export class ConfigError extends Error {
  /** "ConfigError"; the command line prints it without a stack. */
  override name = "ConfigError";
}

/** The name of the layer that holds typed options. */
export const COMMAND_LINE = "the command line";

/** Options from one source. */
export interface ConfigLayer {
  /** For error messages: "preset small", "gan.json", "the command line". */
  from: string;
  /** Options by their camelCase names; undefined counts as absent. */
  values: Record<string, unknown>;
}
