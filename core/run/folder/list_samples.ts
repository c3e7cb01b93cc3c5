/** Reads which sample grids lie in a run's folder. */
import { join } from "node:path";

/**
 * Paths of sample grids relative to the run folder, in no order; an empty list where there is no
 * folder of them.
 */
export async function listSamples(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(folder, "samples"))) {
      if (/^\d+-/.test(name)) paths.push(`samples/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths;
}
