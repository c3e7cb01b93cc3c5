/** Names of directions and projected pictures that a user stores in a run's folder. */
import { basename, extname } from "node:path";
import { isKeptName } from "../../kept_name_pattern.ts";
import { closest, messageOf } from "../../text.ts";
import { RunError } from "../run_error.ts";

/**
 * Asserts that a name can be used for a file and on the command line.
 * @param what e.g. "a direction"
 * @throws RunError where the name is invalid
 */
export function expectName(name: string, what: string): void {
  if (isKeptName(name) && !/^(?:sefa|pca)\d+$/i.test(name)) return;
  throw new RunError(
    `Cannot name ${what} "${name}": expected a letter, then letters, digits, - or _ (sefa3 and ` +
      `pca3 are taken)`,
  );
}

/**
 * Derives a valid name from a file's name: invalid characters become "_", and it starts with a
 * letter. Normalized to NFC, whatever form the file system uses.
 */
export function nameOfFile(path: string): string {
  const safe = basename(path, extname(path)).normalize().replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, "_");
  const name = [...safe].slice(0, 50).join("");
  return /^\p{L}/u.test(name) ? name : `picture_${name}`;
}

/**
 * Names, in NFC and sorted, of the files in a folder that have an extension; empty where the folder
 * does not exist.
 * @throws RunError where it is not a folder, or can't be read
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

/** The error for an unknown name. */
export function unknownName(name: string, names: readonly string[], how: string): RunError {
  const near = closest(name, names);
  return new RunError(
    `Cannot use "${name}": expected ${names.length > 0 ? `one of ${names.join(", ")}` : how}, ` +
      `received another name` + (near ? `. Did you mean "${near}"?` : ""),
  );
}
