/**
 * All output to standard output goes through here: names and file contents may contain escape
 * sequences, which a terminal would obey.
 */
import { messageOf, printable, printableJson } from "../../core/text.ts";

/**
 * Prints one or more lines, with control characters made visible.
 * @throws Error where standard output cannot be written
 */
export function print(text = ""): void {
  write(printable(text));
}

/**
 * Prints a value as JSON on one line.
 * @throws Error where standard output cannot be written
 */
export function printJson(value: unknown): void {
  write(printableJson(value));
}

/**
 * Makes a {@linkcode print} whose failure does not end the work, e.g. when standard output goes to
 * a log on a full disk.
 * @param onFailure called the first time that a line cannot be written
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
