/** Identifies a plugin's code by the SHA-256 of its module and everything that it imports. */
import { sha256 } from "../../sha256.ts";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, DENO_NAMES } from "../../child_environment.ts";
import { RunError } from "../run_error.ts";

/** Digest of a plugin's code, without Cambium's own modules. */
export interface PluginDigest {
  /** Hexadecimal; for a single file, that file's SHA-256. */
  sha256: string;
  /** Number of modules and packages. */
  files: number;
}

/** A module of `deno info --json`. */
interface GraphModule {
  kind?: string;
  specifier: string;
  /** Path of its local copy. A cached file ends with metadata of Deno's cache. */
  local?: string;
  /** Size without that metadata, bytes. */
  size?: number;
  error?: string;
  npmPackage?: string;
  dependencies?: { code?: { specifier?: string }; type?: { specifier?: string } }[];
}

/** What `deno info --json` prints. */
interface Graph {
  roots: string[];
  modules: GraphModule[];
  redirects: Record<string, string>;
  npmPackages: Record<string, { dependencies: string[]; localPath: string }>;
}

const ROOT = new URL("../../../", import.meta.url).href;

/**
 * Computes the digest of a plugin's code, downloading remote modules but running nothing. Dynamic
 * imports with computed names are not covered.
 * @param url URL of the plugin's module: file:, https:, npm: …
 * @throws RunError where a module can't be read
 */
export async function pluginDigest(url: string): Promise<PluginDigest> {
  const graph = await graphOf(url);
  const { modules, packages } = reached(graph);
  // reached() checked that they exist
  const places = packages.map((name) => graph.npmPackages[name]!.localPath);
  if (!await areThere(places)) await deno("cache", url);
  const lines: string[] = [];
  for (const module of modules) {
    if (module.error !== undefined || module.local === undefined) {
      throw new RunError(`Cannot load plugin "${url}": ${module.error ?? module.specifier}`);
    }
    const bytes = (await Deno.readFile(module.local)).subarray(0, module.size);
    lines.push(`${sha256(bytes)}  ${nameOf(module.specifier, url)}`);
  }
  for (const [i, name] of packages.entries()) {
    const place = places[i]!; // one per package
    // Packages only for other systems are not downloaded.
    lines.push(`${await areThere([place]) ? await folderDigest(place) : "absent"}  npm:${name}`);
  }
  const [only] = lines;
  const digest = lines.length === 1 ? only!.slice(0, 64) : sha256(lines.toSorted().join("\n"));
  return { sha256: digest, files: lines.length };
}

/** Modules and packages that a plugin imports, directly or indirectly, excluding Cambium's own. */
function reached({ roots, modules, redirects, npmPackages }: Graph) {
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<GraphModule>(), packages = new Set<string>();
  const isOwn = (specifier: string) =>
    specifier.startsWith(ROOT) && !roots.includes(specifier) || specifier.startsWith("node:");
  const addPackage = (name: string) => {
    const known = npmPackages[name];
    if (!known || packages.has(name)) return;
    packages.add(name);
    known.dependencies.forEach(addPackage);
  };
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const module = byName.get(redirects[name] ?? name);
    if (!module || found.has(module) || isOwn(module.specifier)) continue;
    if (module.npmPackage !== undefined) {
      addPackage(module.npmPackage);
      continue;
    }
    found.add(module);
    for (const { code, type } of module.dependencies ?? []) {
      for (const next of [code?.specifier, type?.specifier]) if (next) waiting.push(next);
    }
  }
  return { modules: [...found], packages: [...packages] };
}

async function graphOf(url: string): Promise<Graph> {
  const graph = JSON.parse(await deno("info", "--json", url)) as Graph; // the output of deno info
  return { ...graph, npmPackages: graph.npmPackages ?? {}, redirects: graph.redirects ?? {} };
}

async function deno(command: string, ...args: string[]): Promise<string> {
  if (Deno.build.standalone) {
    throw new RunError(
      `Cannot load plugin "${
        args.at(-1)
      }": expected Deno to look at its code, received a compiled program. ` +
        `Give the plugin as an object`,
    );
  }
  // a copy of the lock file: same versions, but the original is not changed
  const lock = await Deno.makeTempFile({ suffix: ".lock" });
  try {
    const own = ROOT.startsWith("file:") ? fileURLToPath(ROOT) : undefined;
    const hasLock = own !== undefined &&
      await Deno.copyFile(join(own, "deno.lock"), lock).then(() => true, () => false);
    const config = own ? ["--config", join(own, "deno.json")] : [];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [command, ...config, hasLock ? `--lock=${lock}` : "--no-lock", ...args],
      clearEnv: true,
      env: childEnvironment(DENO_NAMES, { NO_COLOR: "1" }),
      stdin: "null",
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    const why = new TextDecoder().decode(stderr).trim();
    throw new RunError(`Cannot load plugin "${args.at(-1)}": ${why}`);
  } finally {
    await Deno.remove(lock);
  }
}

/**
 * A module's name in the digest: relative to the plugin's file, so that moving a folder doesn't
 * change its digest.
 */
function nameOf(specifier: string, url: string): string {
  if (!specifier.startsWith("file:") || !url.startsWith("file:")) return specifier;
  return relative(join(fileURLToPath(url), ".."), fileURLToPath(specifier)).replaceAll("\\", "/");
}

async function areThere(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    if (!await Deno.stat(folder).then((info) => info.isDirectory, () => false)) return false;
  }
  return true;
}

/** Digest of all files below a folder. */
async function folderDigest(folder: string): Promise<string> {
  const lines: string[] = [];
  const walk = async (path: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
      const below = join(path, name);
      if (isDirectory) await walk(below);
      // Skips Deno's own marker files, which start with a dot and may appear later.
      else if (isFile && !name.startsWith(".")) {
        lines.push(`${sha256(await Deno.readFile(below))}  ${relative(folder, below)}`);
      }
    }
  };
  await walk(folder);
  return sha256(lines.toSorted().join("\n"));
}
