/** The output folder of `complete`: earlier results are kept or replaced as a whole. */
import { basename, dirname, join } from "node:path";
import { ConfigError } from "../../../core/mod.ts";

/** Names of the files that `complete` writes. */
const RESULT =
  /^(?:grid\.png|page\.png|part_\d+(?:_step_\d+)?\.png|merged_\d+\.png|merged_\d+\.svg)$/;

/**
 * Reserves a folder for results.
 * @param sketch path of the sketch that is completed, if there is one
 * @param overwrite whether results of an earlier call may be replaced
 * @returns paths of those results, for {@linkcode replaceResults}
 * @throws ConfigError where there are results that may not be replaced, or the sketch is one of
 * them
 */
export async function claimFolder(
  folder: string,
  sketch: string | undefined,
  overwrite: boolean,
): Promise<string[]> {
  const earlier = await resultsIn(folder), [first] = earlier;
  if (first === undefined) return [];
  if (!overwrite) {
    throw new ConfigError(
      `Cannot write to ${folder}: expected a folder without earlier results, received one with ` +
        `${first}. Use --overwrite to replace them all, or another --out`,
    );
  }
  if (sketch !== undefined && await isOneOf(sketch, folder)) {
    throw new ConfigError(
      `Cannot replace the results in ${folder}: expected another folder than that of the sketch, ` +
        `which is one of them. Use another --out`,
    );
  }
  return earlier.map((name) => join(folder, name));
}

/**
 * Replaces the results of an earlier call, which stay untouched until all new ones are written.
 * @param earlier paths of the results that {@linkcode claimFolder} returned
 * @param write writes all results to the folder that it is given
 * @throws Error where the results cannot be written; then the earlier ones still exist
 */
export async function replaceResults<T>(
  folder: string,
  earlier: readonly string[],
  write: (fresh: string) => Promise<T>,
): Promise<T> {
  await Deno.mkdir(folder, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: folder, prefix: ".tmp-" });
  try {
    const written = await write(fresh), places: string[] = [];
    for await (const { name } of Deno.readDir(fresh)) {
      places.push(join(folder, name));
      await Deno.rename(join(fresh, name), join(folder, name));
    }
    for (const path of earlier) if (!places.includes(path)) await Deno.remove(path);
    return written;
  } finally {
    await Deno.remove(fresh, { recursive: true });
  }
}

async function resultsIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (RESULT.test(name)) names.push(name);
  } catch (error) {
    // NotADirectory: a parent is a file, so there are no results either
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
  }
  return names.sort();
}

/**
 * Whether a sketch is one of the results in a folder; a missing sketch is reported when it is read.
 */
async function isOneOf(sketch: string, folder: string): Promise<boolean> {
  const real = await Deno.realPath(sketch).catch(() => undefined);
  return real !== undefined && dirname(real) === await Deno.realPath(folder) &&
    RESULT.test(basename(real));
}
