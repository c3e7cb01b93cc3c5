import { join } from "node:path";

/**
 * Paths of a run's sample grids, relative to its folder, unsorted; empty where there is no folder
 * of samples.
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
