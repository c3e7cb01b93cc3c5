/** A folder of images on disk, with its subfolders. */
import { join, resolve } from "node:path";
import type { SkippedFile } from "../../core/data.ts";
import { messageOf } from "../../core/text.ts";
import {
  foreignReason,
  type FoundFile,
  isHidden,
  labelByFolder,
  shortName,
  type Source,
} from "./source.ts";

/** Folders deeper than this are not images' folders any more. */
const MAX_DEPTH = 32;

/**
 * Lists a folder's images; the first subfolder names the label. Links are followed, each folder once.
 * @param folder an existing folder
 * @param source how the user named it
 * @param foreign says why a path is left out, or undefined to take it
 * @throws Error where the folder itself can't be read
 */
export async function folderSource(
  folder: string,
  source = folder,
  foreign: (path: string) => string | undefined = foreignReason,
): Promise<Source> {
  const found: FoundFile[] = [], skipped: SkippedFile[] = [], seen = new Set<string>();
  const visit = async (path: string, inside: string, depth: number): Promise<void> => {
    const real = await Deno.realPath(path);
    if (seen.has(real)) {
      skipped.push({ path: inside, reason: "a link to a folder that is read already" });
      return;
    }
    seen.add(real);
    if (depth > MAX_DEPTH) {
      skipped.push({ path: inside, reason: `more than ${MAX_DEPTH} folders deep` });
      return;
    }
    const entries = await Array.fromAsync(Deno.readDir(path));
    for (const { name } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const full = join(path, name), relative = inside === "" ? name : `${inside}/${name}`;
      if (isHidden(name)) continue;
      try {
        const stat = await Deno.stat(full);
        if (stat.isDirectory) {
          await visit(full, relative, depth + 1);
          continue;
        }
        const reason = stat.isFile ? foreign(relative) : "not a regular file";
        if (reason !== undefined) skipped.push({ path: relative, reason });
        else {
          found.push({
            path: relative,
            bytes: stat.size,
            modified: stat.mtime?.getTime() ?? 0,
            read: () => Deno.readFile(full),
          });
        }
      } catch (error) {
        skipped.push({ path: relative, reason: `can't be read: ${messageOf(error)}` });
      }
    }
  };
  try {
    await visit(folder, "", 0); // what fails inside is skipped
  } catch (cause) {
    throw new Error(`Cannot open the data at ${source}: expected a folder that can be read`, {
      cause,
    });
  }
  return {
    name: shortName(resolve(folder)),
    source,
    files: labelByFolder(found),
    skipped,
    close: () => {},
  };
}
