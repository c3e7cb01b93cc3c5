/** What ends a command: an error with an exit code. */
import { ConfigError } from "../core/config/mod.ts";
import { RunError } from "../core/run/run_error.ts";
import { messageOf, printable } from "../core/text.ts";
import { WORKER_LOST, WorkerLostError } from "../core/workers/worker_lost_error.ts";

/** The user can mend it by calling again otherwise; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Ctrl-C ended a command; exit code 130. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/**
 * Exit codes of every command; the last two as a shell gives them for SIGINT and SIGUSR1. "lost" is
 * a worker's that lost another.
 */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  lost: WORKER_LOST,
  interrupted: 130,
  signalled: 138,
} as const;

/** The exit code of a command that threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof WorkerLostError) return error.exitCode;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  const isUsage = [UsageError, RunError, ConfigError].some((kind) => error instanceof kind);
  return isUsage ? EXIT.usage : EXIT.failed;
}

/** The error as the terminal shows it: its message, then what caused it, each once. */
export function describeError(error: unknown): string {
  const lines = ["error: " + messageOf(error)];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause) {
    const message = messageOf(cause);
    if (!lines.some((line) => line.includes(message))) lines.push("  because: " + message);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return printable(lines.join("\n"));
}
