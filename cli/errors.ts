/** Errors that end a command, and their exit codes. */
import { ConfigError } from "../core/config/mod.ts";
import { RunError } from "../core/run/run_error.ts";
import { messageOf, printable } from "../core/text.ts";
import { WORKER_LOST, WorkerLostError } from "../core/workers/worker_lost_error.ts";

/** An error that the user can fix by calling the command differently; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Ctrl-C ended a command; exit code 130. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/**
 * Exit codes of every command. "interrupted" and "signalled" are what a shell reports for SIGINT
 * and SIGUSR1. "lost" is that of a worker that lost another worker.
 */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  lost: WORKER_LOST,
  interrupted: 130,
  signalled: 138,
} as const;

/** The exit code for an error that a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof WorkerLostError) return error.exitCode;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  const isUsage = [UsageError, RunError, ConfigError].some((kind) => error instanceof kind);
  return isUsage ? EXIT.usage : EXIT.failed;
}

/** Formats an error for the terminal: its message, then its causes, each only once. */
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
