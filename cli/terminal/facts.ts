/** Lines of a name and a value, wrapped to 80 columns on a terminal. */

import { print } from "./print.ts";
import { printable } from "../../core/text.ts";

/** Column at which values start. */
const INDENT = 13;

/** @returns the fact as text, wrapped at spaces if standard output is a terminal */
export function formatFact(
  name: string,
  value: string,
  terminal = Deno.stdout.isTerminal(),
): string {
  value = printable(value);
  const text = terminal ? wrap(value, 80 - INDENT).join("\n" + " ".repeat(INDENT)) : value;
  return name.padEnd(INDENT) + text;
}

/** Prints {@linkcode formatFact}. */
export function printFact(name: string, value: string): void {
  print(formatFact(name, value));
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
