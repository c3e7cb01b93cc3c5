/**
 * The one way to standard output: names and files come from anywhere, and a terminal obeys escape
 * sequences in them.
 */
import { messageOf, printable, printableJson } from "../../core/text.ts";

/**
 * Prints a line, or several; control characters become text.
 * @throws Error where standard output can't be written
 */
export function print(text = ""): void {
  write(printable(text));
}

/**
 * Prints a value as JSON in one line.
 * @throws Error where standard output can't be written
 */
export function printJson(value: unknown): void {
  write(printableJson(value));
}

/**
 * Makes a {@linkcode print} for lines that matter less than the work they tell of: a log on a full
 * disk doesn't end it.
 * @param onFailure told the first time that a line could not be written
 */
export function printWherePossible(
  onFailure: (message: string) => void,
  printLine = print,
): (text: string) => void {
  let hasFailed = false;
  return (text) => {
    try {
      printLine(text);
    } catch (error) {
      if (!hasFailed) onFailure(messageOf(error));
      hasFailed = true;
    }
  };
}

function write(text: string): void {
  try {
    console.log(text);
  } catch (cause) {
    throw new Error(`Cannot write to standard output: ${messageOf(cause)}`, { cause });
  }
}
