/**
 * `--trust`, and the question that it answers: whether code may run that a run folder or a
 * configuration names.
 */
import { Option } from "commander";
import {
  describePlugin,
  type Trust,
  type UntrustedPlugin,
  UntrustedPluginError,
} from "../../core/run/plugins/trusted_plugins.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { clearStatus } from "../terminal/status.ts";

/** Where a question is asked. */
export interface Terminal {
  /** Whether somebody can answer. */
  isTerminal: boolean;
  write(text: string): void;
  /** A line, without its end; null where there is no more. */
  readLine(): string | null;
}

/** The flag. */
export function trustOption(): Option {
  return new Option(
    "--trust",
    "Run plugins named by the run or --config that don't ship with Cambium; they can run any code",
  );
}

/**
 * Yes to all where it was typed; else each plugin is asked for, in a terminal. What was trusted
 * once is not asked again.
 * @param trust whether `--trust` was typed
 */
export function trustOf(trust: boolean | undefined, terminal: Terminal = standard): Trust {
  return trust === true ? true : (plugin) => ask(plugin, terminal);
}

function ask(plugin: UntrustedPlugin, { isTerminal, write, readLine }: Terminal): boolean {
  if (!isTerminal) return false;
  clearStatus();
  write(`${describePlugin(plugin)}.\nRun it? Type yes to trust this code from now on: `);
  return /^y(es)?$/i.test(readLine()?.trim() ?? "");
}

/**
 * What to type instead of a command that an untrusted plugin ended; undefined where another error
 * did.
 */
export function trustAdvice(error: unknown, argv: readonly string[]): string | undefined {
  if (!(error instanceof UntrustedPluginError)) return undefined;
  return `Where you trust it, type: deno task ${argv.map(shellWord).join(" ")} --trust`;
}

const standard: Terminal = {
  get isTerminal() {
    return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  },
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)), // stdout may be JSON
  readLine() {
    const bytes: number[] = [], one = new Uint8Array(1);
    while (bytes.length < 1000 && Deno.stdin.readSync(one) === 1 && one[0] !== 10) {
      bytes.push(one[0]!); // it has one
    }
    return bytes.length === 0 ? null : new TextDecoder().decode(new Uint8Array(bytes));
  },
};
