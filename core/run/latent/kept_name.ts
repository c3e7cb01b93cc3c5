/** Names of what a user keeps in a run folder: directions, projected pictures. */
import { basename, extname } from "node:path";
import { isKeptName } from "../../kept_name_pattern.ts";
import { closest, messageOf } from "../../text.ts";
import { RunError } from "../run_error.ts";

/**
 * Asserts that a name can be that of a file and of a word on the command line.
 * @param what e.g. "a direction"
 * @throws RunError where it can't
 */
export function expectName(name: string, what: string): void {
  if (isKeptName(name) && !/^(?:sefa|pca)\d+$/i.test(name)) return;
  throw new RunError(
    `Cannot name ${what} "${name}": expected a letter, then letters, digits, - or _ (sefa3 and ` +
      `pca3 are taken)`,
  );
}

/**
 * A name from that of a file: what a name can't have becomes "_", and it begins with a letter.
 * Composed as NFC, however the file system holds it.
 */
export function nameOfFile(path: string): string {
  const safe = basename(path, extname(path)).normalize().replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, "_");
  const name = [...safe].slice(0, 50).join("");
  return /^\p{L}/u.test(name) ? name : `picture_${name}`;
}

/**
 * Names of the files of an ending in a folder, composed and sorted; none where the folder isn't
 * there.
 * @throws RunError where it is no folder, or can't be read
 */
export async function namesIn(folder: string, ending: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && name.endsWith(ending)) names.push(name.slice(0, -ending.length).normalize());
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new RunError(
      `Cannot read ${folder}: expected a folder, received ${messageOf(error)}. Move it away, or ` +
        `make it readable`,
      { cause: error },
    );
  }
  return names.sort();
}

/** The error for a name that isn't there. */
export function unknownName(name: string, names: readonly string[], how: string): RunError {
  const near = closest(name, names);
  return new RunError(
    `Cannot use "${name}": expected ${names.length > 0 ? `one of ${names.join(", ")}` : how}, ` +
      `received another name` + (near ? `. Did you mean "${near}"?` : ""),
  );
}
