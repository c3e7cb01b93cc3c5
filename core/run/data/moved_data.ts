import { ConfigError } from "../../config/config_layer.ts";

/** Adds advice to the error that data does not exist; returns any other error unchanged. */
export function withMovedAdvice(error: unknown): unknown {
  if (!(error instanceof ConfigError && error.cause instanceof Deno.errors.NotFound)) return error;
  const stop = /[.?!]$/.test(error.message) ? "" : ".";
  return new ConfigError(
    `${error.message}${stop} If it was moved, say where it is now: --data`,
    { cause: error.cause },
  );
}
