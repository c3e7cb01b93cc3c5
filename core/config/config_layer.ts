/** Options from one place, and the error that names a wrong one. */

/** A wrong option, named, with what was expected. */
export class ConfigError extends Error {
  /** "ConfigError"; the command line prints it without a stack. */
  override name = "ConfigError";
}

/** The name of the layer of what a person typed. */
export const COMMAND_LINE = "the command line";

/** Options from one place. */
export interface ConfigLayer {
  /** For error messages: "preset small", "gan.json", "the command line". */
  from: string;
  /** Options by their camelCase names; undefined counts as absent. */
  values: Record<string, unknown>;
}
