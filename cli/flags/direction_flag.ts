/** `--direction` of the commands that move images in w. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type NamedEdit, parseEdit } from "../../core/run/latent/find_directions.ts";
import { messageOf } from "../../core/text.ts";

/** Adds `--direction`, which repeats. */
export function addDirection(command: Command): Command {
  return command.addOption(
    new Option(
      "--direction <number:amount>",
      "Move along a direction: 3:+2.5, pca2:-1@fine, smile:2 (may be repeated)",
    )
      .argParser(parseDirection),
  );
}

/** Repeated flags are all applied. */
function parseDirection(text: string, before: NamedEdit[] = []): NamedEdit[] {
  try {
    return [...before, parseEdit(text)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** "-sefa3+2.5@fine", for a file's name. */
export function namedDirections(directions: readonly NamedEdit[] = []): string {
  return directions.map(({ name, method, number, amount, layers }) =>
    `-${name ?? `${method}${number}`}${amount < 0 ? "" : "+"}${amount}${
      layers === undefined ? "" : `@${layers}`
    }`
  ).join("");
}

/** Directions that {@linkcode namedDirections} doesn't tell: they could be read as others. */
export function untoldDirections(
  directions: readonly NamedEdit[] = [],
): readonly NamedEdit[] | undefined {
  return directions.some(({ name }) => name?.includes("-")) ? directions : undefined;
}
