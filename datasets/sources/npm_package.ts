/** Files of an npm package, as stored in Deno's cache. */
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../core/config/config_layer.ts";
import { closest, messageOf } from "../../core/text.ts";
import { folderSource } from "./folder.ts";
import { type Foreign, foreignReason, shortName, type Source } from "./source.ts";

const SPECIFIER =
  /^npm:\/?((?:@[a-z0-9~._-]+\/)?[a-z0-9~][a-z0-9~._-]*)(?:@([a-z0-9.^~*+-]+))?((?:\/[^/]+)*)$/i;

/** A package's name, version or range, and folder inside, from "npm:PACKAGE[@VERSION][/FOLDER]". */
export interface PackageSpecifier {
  name: string;
  version: string;
  folder: string;
}

/**
 * Parses an npm specifier.
 * @throws ConfigError if it is invalid
 */
export function parseSpecifier(text: string): PackageSpecifier {
  const [, name, version = "", folder = ""] = SPECIFIER.exec(text) ?? [];
  if (name === undefined || folder.split("/").includes("..")) {
    throw new ConfigError(
      `Cannot read the source: expected npm:PACKAGE[@VERSION][/FOLDER], received "${text}"`,
    );
  }
  return { name, version, folder: folder.slice(1) };
}

/**
 * Downloads a package into Deno's cache if it is missing, and finds its folder.
 * @param specifier a prefix without the file, e.g. "npm:/emoji.json@16.0.0" or an alias of
 * deno.json
 * @returns the package's folder
 * @throws Error if it is not available
 */
export async function packageFolder(specifier: string): Promise<string> {
  const file = `${specifier}/package.json`;
  let cause: unknown;
  try {
    // downloads the package; the content is not needed
    await import(file, { with: { type: "json" } });
  } catch (error) {
    cause = error; // an "exports" field may hide package.json: the package is there all the same
  }
  const resolved = import.meta.resolve(file);
  const url = resolved.startsWith("file:")
    ? resolved
    : /Cannot find module '(file:[^']+)'/.exec(messageOf(cause))?.[1];
  const folder = url === undefined ? undefined : await folderOfPackage(dirname(fileURLToPath(url)));
  if (folder !== undefined) return folder;
  throw new Error(
    `Cannot fetch ${specifier}: expected an npm package that can be downloaded or lies in ` +
      `Deno's cache. ` +
      "Check its name and version and the network",
    { cause },
  );
}

/** The nearest folder that contains a package.json: "exports" may point below it. */
async function folderOfPackage(folder: string): Promise<string | undefined> {
  for (;;) {
    try {
      await Deno.lstat(join(folder, "package.json"));
      return folder;
    } catch {
      const above = dirname(folder);
      if (above === folder || basename(above) === "node_modules") return undefined;
      folder = above;
    }
  }
}

/**
 * Identifies a package's files, whose times don't.
 * @param root the package's folder
 * @param folder inside the package
 * @returns "NAME@VERSION/FOLDER"
 */
export async function packageRevision(root: string, folder: string): Promise<string> {
  const { name, version } = JSON.parse(await Deno.readTextFile(join(root, "package.json")));
  return `${name}@${version}/${folder}`;
}

/**
 * The images of an npm package.
 * @param text "npm:PACKAGE[@VERSION][/FOLDER]"
 * @param foreign decides which files are skipped
 * @throws ConfigError if the package has no such folder
 */
export async function npmPackageSource(
  text: string,
  foreign: Foreign = foreignReason,
): Promise<Source> {
  const { name, version, folder } = parseSpecifier(text);
  const root = await packageFolder(`npm:/${name}${version && `@${version}`}`);
  await expectFolder(root, folder, text);
  const source = await folderSource(join(root, folder), text, foreign);
  // A version of a package does not change: file times only say when it was downloaded.
  const files = source.files.map((file) => ({ ...file, modified: 0 }));
  return {
    ...source,
    name: shortName(name.replace("@", "").replace("/", "-")),
    revision: (await packageRevision(root, folder)) + (source.revision ?? ""),
    files,
  };
}

async function expectFolder(root: string, folder: string, text: string): Promise<void> {
  const stat = await Deno.stat(join(root, folder)).catch(() => undefined);
  if (stat?.isDirectory) return;
  const inside = await Array.fromAsync(Deno.readDir(root));
  const folders = inside.filter((entry) => entry.isDirectory).map(({ name }) => name).sort();
  const first = folder.split("/")[0] ?? "", near = closest(first, folders);
  throw new ConfigError(
    `Cannot find the data at ${text}: expected a folder of the package, which has ${
      folders.join(", ") || "none"
    }, received ${stat ? "a file" : `"${folder}"`}` +
      (near && near !== first ? `. Did you mean ${near}?` : ""),
  );
}
