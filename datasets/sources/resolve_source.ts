// deno-lint-ignore-file no-control-regex -- first bytes of files are control characters
/** Resolves what the user typed to a source of images. */
import { basename, dirname } from "node:path";
import { ConfigError } from "../../core/config/config_layer.ts";
import { latin1, readHead } from "../../core/images/mod.ts";
import { closest } from "../../core/text.ts";
import { emojiSource } from "./emoji.ts";
import { folderSource } from "./folder.ts";
import { npmPackageSource } from "./npm_package.ts";
import type { Source } from "./source.ts";
import { zipSource } from "./zip.ts";

/**
 * Opens a source of images.
 * @param text "emoji", "emoji:SUBSET", "npm:PACKAGE", a folder or a .zip file
 * @throws Error with the most similar name if there is nothing
 */
export async function resolveImageSource(text: string): Promise<Source> {
  if (text === "emoji" || text.startsWith("emoji:")) return await emojiSource(text);
  if (text.startsWith("npm:")) return await npmPackageSource(text);
  const stat = await statSource(
    text,
    'a folder or a .zip of images, "shards:TARS", "npm:PACKAGE", "emoji" or "emoji:SUBSET"',
  );
  if (stat.isDirectory) return await folderSource(text);
  const head = stat.isFile ? await readHead(text) : new Uint8Array();
  // A .zip may start with a self-extracting program.
  if (isZip(head) || /\.zip$/i.test(text)) return await zipSource(text);
  throw new ConfigError(
    `Cannot read ${text} as images: expected a folder, a .zip, "shards:TARS", "npm:PACKAGE", "emoji" or "emoji:SUBSET", received ${
      receivedFile(text, head)
    }`,
  );
}

/** Whether a file starts like a zip. */
function isZip(head: Uint8Array): boolean {
  return /^PK(\x03\x04|\x05\x06)/.test(latin1(head));
}

/** Describes a file that is not a source, and what to do. */
function receivedFile(text: string, head: Uint8Array): string {
  if (/^[^]{257}ustar/.test(latin1(head))) return `a tar. Pass it as --data shards:${text}`;
  if (/^(Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ)/.test(latin1(head))) {
    return "an archive of another kind. Unpack it first, and pass the folder";
  }
  return /\.(ndjson|json|svg)$/i.test(text)
    ? "a file. Sketches are read by --plugin sketch, and by data inspect --kind sketches"
    : "a file. Pass the folder that holds it";
}

/**
 * Facts about a path that the user named.
 * @param expected what should be there, for the message
 * @throws ConfigError with the most similar name if there is nothing
 */
export async function statSource(path: string, expected: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) {
      throw new Error(`Cannot open the data at ${path}: expected ${expected} that can be read`, {
        cause,
      });
    }
    const near = await nearestNeighbour(path);
    throw new ConfigError(
      `Cannot find the data at ${path}: expected ${expected}` +
        (near === undefined ? "" : `. Did you mean ${near}?`),
      { cause },
    );
  }
}

/** The entry of the same folder with the most similar name. */
async function nearestNeighbour(path: string): Promise<string | undefined> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(dirname(path)))).map((entry) => entry.name);
    const name = basename(path);
    const near = closest(name, names.filter((other) => sharedLetters(name, other) >= 2 / 3));
    return near && path.slice(0, path.lastIndexOf(basename(path))) + near;
  } catch {
    return undefined; // the folder above is missing too
  }
}

/**
 * The fraction of the longer name's letters that the other one also has; for short names, an edit
 * distance alone says little.
 */
function sharedLetters(a: string, b: string): number {
  const rest = [...b.toLowerCase()];
  let shared = 0;
  for (const letter of a.toLowerCase()) {
    const at = rest.indexOf(letter);
    if (at < 0) continue;
    rest.splice(at, 1);
    shared++;
  }
  return shared / Math.max(a.length, b.length);
}
