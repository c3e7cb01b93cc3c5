/** Finds runs in a folder that can't be found by name: renamed ones and broken links. */
import { basename, dirname, join, resolve } from "node:path";
import { shellWord } from "./shell_word.ts";
import {
  CONFIG_NAME,
  findRuns,
  latestNumber,
  namePart,
  parseRun,
  pluginPart,
  readRunConfig,
} from "./folder/run_folder.ts";

/** A run that is not listed. */
export interface UnlistedRun {
  reason: string;
  /** Its number, where its name has one. */
  number: number | null;
  /** When its configuration was last written, milliseconds since 1970; 0 where unknown. */
  time: number;
}

/** The runs of a folder that are not listed. */
export async function findUnlistedRuns(runsFolder: string): Promise<UnlistedRun[]> {
  const found: UnlistedRun[] = [], root = resolve(runsFolder);
  try {
    for await (const { name, isSymlink } of Deno.readDir(root)) {
      const path = join(root, name), run = parseRun(path);
      const isThere = await Deno.stat(path).then(() => true, () => false);
      if (run && isSymlink && !isThere) {
        const target = await Deno.readLink(path);
        const reason =
          `${name} is a link to ${target}, where nothing is: mount or move that, or remove the ` +
          `link`;
        found.push({ reason, number: run.number, time: 0 });
      }
      const renamed = run ? null : await renamedRun(path);
      if (renamed) found.push(renamed);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

/**
 * Describes a folder that holds a run under an invalid name; null where it holds no run, or the
 * name is valid.
 */
export async function renamedRun(folder: string): Promise<UnlistedRun | null> {
  const path = resolve(folder);
  if (parseRun(path)) return null;
  try {
    const { mtime } = await Deno.stat(join(path, CONFIG_NAME));
    await Deno.stat(join(path, "checkpoints"));
    const { plugins } = await readRunConfig(path) as { plugins?: { name?: unknown }[] };
    const plugin = pluginPart(String(plugins?.[0]?.name ?? "model"));
    const root = dirname(path), runs = await findRuns(root);
    const number = Math.max(await latestNumber(root), ...runs.map((run) => run.number)) + 1;
    const name = `${String(number).padStart(5, "0")}-${plugin}-${namePart(basename(path))}`;
    const reason = `${basename(path)} holds a run, but is not named NUMBER-MODEL-NAME: ` +
      `mv ${shellWord(path)} ${shellWord(join(root, name))}`;
    return { reason, number: null, time: mtime?.getTime() ?? 0 };
  } catch {
    return null; // without a configuration it is not a run
  }
}
