/**
 * The one way to standard output: names and files come from anywhere, and a terminal obeys escape
 * sequences in them.
 */
import { printable, printableJson } from "../../core/text.ts";

/** Prints a line, or several; control characters become text. */
export function print(text = ""): void {
  console.log(printable(text));
}

/** Prints a value as JSON in one line. */
export function printJson(value: unknown): void {
  console.log(printableJson(value));
}
