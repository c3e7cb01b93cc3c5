/** `--direction` for the commands that move images in w. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type NamedEdit, parseEdit } from "../../core/run/latent/find_directions.ts";
import { messageOf } from "../../core/text.ts";

/** Adds `--direction`, which may be repeated. */
export function addDirection(command: Command): Command {
  return command.addOption(
    new Option(
      "--direction <number:amount>",
      "Move along a direction: 3:+2.5, pca2:-1@fine, smile:2 (may be repeated)",
    ).argParser(parseDirection),
  );
}

/** Appends to the directions of earlier flags. */
function parseDirection(text: string, before: NamedEdit[] = []): NamedEdit[] {
  try {
    return [...before, parseEdit(text)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** Formats directions for a file name, as in "-sefa3+2.5@fine". */
export function namedDirections(directions: readonly NamedEdit[] = []): string {
  return directions.map(({ name, method, number, amount, layers }) =>
    `-${name ?? `${method}${number}`}${amount < 0 ? "" : "+"}${amount}${
      layers === undefined ? "" : `@${layers}`
    }`
  ).join("");
}

/** The directions, if {@linkcode namedDirections} is ambiguous for them; otherwise undefined. */
export function directionsNotInName(
  directions: readonly NamedEdit[] = [],
): readonly NamedEdit[] | undefined {
  return directions.some(({ name }) => name?.includes("-")) ? directions : undefined;
}
