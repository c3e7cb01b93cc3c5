/** Helpers shared by the commands that take a user's own pictures. */
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
 * Checks the output folder, which need not exist yet.
 * @param context the command's context, whose arguments name the pictures
 * @throws ConfigError where it cannot be written, or is one of the input folders: the next call
 * would then read the results as inputs
 */
export async function expectOut(
  folder: string,
  { args, expectWritableFolder }: Pick<PluginCommandContext, "args" | "expectWritableFolder">,
): Promise<void> {
  await expectWritableFolder(folder);
  const own = await Deno.realPath(folder).catch(() => undefined); // it does not exist yet
  for (const path of own === undefined ? [] : args) {
    if (await Deno.realPath(path).catch(() => undefined) !== own) continue;
    throw new ConfigError(
      `Cannot use --out ${folder}: expected another folder than that of the pictures`,
    );
  }
}

/** @throws ConfigError where there are no pictures */
export function expectPictures(given: readonly string[], pictures: readonly ListedPicture[]): void {
  if (pictures.length > 0) return;
  throw new ConfigError(
    `Cannot find a picture: expected some in what was named, received none in ${given.join(", ")}`,
  );
}

/** Skipped files that are listed by name; the rest are only counted. */
const LISTED = 3;

/** Prints which files in the folders were skipped because they are not pictures. */
export function printSkipped(
  skipped: PictureList["skipped"],
  print: (line: string) => void,
): void {
  for (const { path, reason } of skipped.slice(0, LISTED)) {
    print(`Skipped ${path}: ${reason}`);
  }
  const more = skipped.length - LISTED;
  if (more > 0) print(`Skipped ${counted(more, "more file")}`);
}

/** Describes in one line what went wrong with a picture. */
export function failureOf(path: string, error: unknown): string {
  if (error instanceof PictureError) return `${path}: ${error.message}`;
  if (error instanceof Deno.errors.NotFound) return `${path}: no such file`;
  const message = messageOf(error);
  return message.includes(path) ? message : `${path}: ${message}`;
}
