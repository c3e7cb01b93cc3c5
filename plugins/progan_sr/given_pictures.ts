/** What commands on a person's own pictures have in common. */
import {
  ConfigError,
  counted,
  type ListedPicture,
  messageOf,
  PictureError,
  type PictureList,
  type PluginCommandContext,
} from "../../core/mod.ts";

/**
 * Looks at the folder of results, which needn't be there yet.
 * @param context of the command, whose arguments name the pictures
 * @throws ConfigError where it can't be written, or is one of those named: its results would be
 * read with the next call
 */
export async function expectOut(
  folder: string,
  { args, expectWritableFolder }: Pick<PluginCommandContext, "args" | "expectWritableFolder">,
): Promise<void> {
  await expectWritableFolder(folder);
  const own = await Deno.realPath(folder).catch(() => undefined); // not there yet
  for (const path of own === undefined ? [] : args) {
    if (await Deno.realPath(path).catch(() => undefined) !== own) continue;
    throw new ConfigError(
      `Cannot use --out ${folder}: expected another folder than that of the pictures`,
    );
  }
}

/** @throws ConfigError where there is nothing to do */
export function expectPictures(given: readonly string[], pictures: readonly ListedPicture[]): void {
  if (pictures.length > 0) return;
  throw new ConfigError(
    `Cannot find a picture: expected some in what was named, received none in ${given.join(", ")}`,
  );
}

/** Files of a folder that are told by name; of more, their number. */
const TOLD = 3;

/** Tells of files in folders that are no pictures. */
export function tellPassedOver(
  passedOver: PictureList["passedOver"],
  print: (line: string) => void,
): void {
  for (const { path, reason } of passedOver.slice(0, TOLD)) print(`Passed over ${path}: ${reason}`);
  const more = passedOver.length - TOLD;
  if (more > 0) print(`Passed over ${counted(more, "more file")}`);
}

/** One line on what went wrong with a picture. */
export function failureOf(path: string, error: unknown): string {
  if (error instanceof PictureError) return `${path}: ${error.message}`;
  if (error instanceof Deno.errors.NotFound) return `${path}: no such file`;
  const message = messageOf(error);
  return message.includes(path) ? message : `${path}: ${message}`;
}
