/** Data that is no longer where a run has it. */
import { ConfigError } from "../../config/config_layer.ts";

/** An error with advice where nothing is at the data's place; any other as it is. */
export function withMovedAdvice(error: unknown): unknown {
  if (!(error instanceof ConfigError && error.cause instanceof Deno.errors.NotFound)) return error;
  const stop = /[.?!]$/.test(error.message) ? "" : ".";
  return new ConfigError(
    `${error.message}${stop} If it was moved, say where it is now: --data`,
    { cause: error.cause },
  );
}
