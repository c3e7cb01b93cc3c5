/** From what a person typed to a source of images. */
import { basename, dirname } from "node:path";
import { closest } from "../../core/text.ts";
import { emojiSource } from "./emoji.ts";
import { folderSource } from "./folder.ts";
import { npmPackageSource } from "./npm_package.ts";
import type { Source } from "./source.ts";
import { zipSource } from "./zip.ts";

/**
 * Opens a source of images.
 * @param text "emoji", "emoji:SUBSET", "npm:PACKAGE", a folder or a .zip file
 * @throws Error with the nearest name where nothing is there
 */
export async function resolveImageSource(text: string): Promise<Source> {
  if (text === "emoji" || text.startsWith("emoji:")) return await emojiSource(text);
  if (text.startsWith("npm:")) return await npmPackageSource(text);
  const stat = await statSource(text, "a folder or a .zip of images");
  if (stat.isDirectory) return await folderSource(text);
  if (/\.zip$/i.test(text)) return await zipSource(text);
  throw new TypeError(
    `Cannot read ${text} as images: expected a folder, a .zip, "npm:PACKAGE" or "emoji", received a file` +
      (/\.(ndjson|json|svg)$/i.test(text)
        ? ". Sketches are for plugins of kind sketches, such as sketch"
        : ". Pass the folder that holds it"),
  );
}

/**
 * Facts about a path a person named.
 * @param expected what should be there, for the message
 * @throws Deno.errors.NotFound naming a near neighbour
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
    throw new Deno.errors.NotFound(
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
    const near = closest(basename(path), names);
    return near && path.slice(0, path.lastIndexOf(basename(path))) + near;
  } catch {
    return undefined; // the folder above is missing too
  }
}
