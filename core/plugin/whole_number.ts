/** Reads numbers among the options of a plugin's command. */
import { ConfigError } from "../config/config_layer.ts";
import { kebabCase } from "../config/schema.ts";
import type { PluginCommandContext } from "./plugin.ts";

/**
 * An option of a command as a whole number.
 * @param name as in `options`, camelCase
 * @param bounds both inclusive; default: 0 and more
 * @returns undefined where it isn't given
 * @throws ConfigError naming its flag where it is no whole number within the bounds
 *
 * @example
 * ```ts
 * import { wholeNumber } from "./whole_number.ts";
 *
 * const count = wholeNumber({ count: "12" }, "count", { minimum: 1 }) ?? 8;
 * console.assert(count === 12);
 * ```
 */
export function wholeNumber(
  options: Readonly<PluginCommandContext["options"]>,
  name: string,
  { minimum = 0, maximum = Infinity }: { minimum?: number; maximum?: number } = {},
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  const range = maximum === Infinity ? `of at least ${minimum}` : `${minimum} … ${maximum}`;
  throw new ConfigError(
    `Cannot use --${kebabCase(name)}: expected a whole number ${range}, received "${text}"`,
  );
}
