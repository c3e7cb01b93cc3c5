/** What ends a command: an error with an exit code. */
import { messageOf, printable } from "../core/text.ts";

/** The user can mend it by calling again otherwise; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Ctrl-C ended a command; exit code 130. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** Exit codes of every command; the last two as a shell gives them for SIGINT and SIGUSR1. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, signalled: 138 } as const;

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
