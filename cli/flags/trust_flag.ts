/**
 * `--trust`, and the question it answers: may code run that a run folder or a configuration file
 * names?
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

/** The terminal on which a question is asked. */
export interface Terminal {
  /** Whether somebody can answer. */
  isTerminal: boolean;
  write(text: string): void;
  /** A line without its newline; null at the end of the input. */
  readLine(): string | null;
}

export function trustOption(): Option {
  return new Option(
    "--trust",
    "Run plugins named by the run or --config that don't ship with Cambium; they can run any code",
  );
}

/**
 * Trusts every plugin if `--trust` was typed; otherwise asks about each in a terminal. Code that
 * was trusted once is not asked about again.
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
 * What to type after a command ended because of an untrusted plugin; undefined for other errors.
 */
export function trustAdvice(error: unknown, argv: readonly string[]): string | undefined {
  if (!(error instanceof UntrustedPluginError)) return undefined;
  return `Where you trust it, type: deno task ${argv.map(shellWord).join(" ")} --trust`;
}

const standard: Terminal = {
  get isTerminal() {
    return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  },
  // stdout may be for JSON
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  readLine() {
    const bytes: number[] = [], one = new Uint8Array(1);
    while (bytes.length < 1000 && Deno.stdin.readSync(one) === 1 && one[0] !== 10) {
      bytes.push(one[0]!); // one byte was read
    }
    return bytes.length === 0 ? null : new TextDecoder().decode(new Uint8Array(bytes));
  },
};
