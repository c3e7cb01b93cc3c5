/** Lets plugins outside of Cambium's folder import "cambium", by a deno.json that maps the name. */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { shellWord } from "../../core/run/shell_word.ts";

/** Where to type commands for a plugin, and what to tell its author. */
export interface PluginFolder {
  cwd: string;
  lines: string[];
}

/** Tasks that the deno.json of a plugin folder gets. */
const TASKS = ["train", "sample", "runs", "web", "plugin"];

/**
 * Inside Cambium's folder nothing is needed. Outside, a deno.json is written; if there already is
 * one, what to add to it is returned.
 * @param folder the parent of plugins' folders; it exists
 */
export async function preparePluginFolder(folder: string): Promise<PluginFolder> {
  const cambium = fileURLToPath(new URL("../..", import.meta.url));
  const path = relative(cambium, folder);
  if (!path.startsWith("..")) return { cwd: Deno.cwd(), lines: [] };
  const to = (file: string) => relative(folder, join(cambium, file)).replaceAll("\\", "/");
  const needed = {
    importMap: addressOf(to("deno.json")),
    nodeModulesDir: config.nodeModulesDir,
    unstable: config.unstable,
    tasks: Object.fromEntries(
      TASKS.map((task) => [task, `deno run -A ${shellWord(to("cli/main.ts"))} ${task}`]),
    ),
    compilerOptions: config.compilerOptions,
  };
  const known = await configAbove(folder);
  if (known === undefined) {
    const file = join(folder, "deno.json");
    await Deno.writeTextFile(file, JSON.stringify(needed, null, 2) + "\n");
    return { cwd: folder, lines: [`${file}: imports of "cambium" lead to ${cambium}`] };
  }
  const text = await Deno.readTextFile(known);
  if (text.includes('"importMap"') || text.includes('"cambium"')) return { cwd: folder, lines: [] };
  return {
    cwd: folder,
    lines: [`Add to ${known}, so that "cambium" is found:`, JSON.stringify(needed, null, 2)],
  };
}

/** Encodes a relative path as a relative URL, which is how Deno reads the import map's location. */
function addressOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The deno.json that applies to a folder. */
async function configAbove(folder: string): Promise<string | undefined> {
  for (let at = folder;; at = dirname(at)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const file = join(at, name);
      if (await Deno.stat(file).then((s) => s.isFile, () => false)) return file;
    }
    if (dirname(at) === at) return undefined;
  }
}
