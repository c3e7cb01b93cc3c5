/** A folder of images on disk, including subfolders. */
import { sha256 } from "../../core/sha256.ts";
import { join, resolve } from "node:path";
import type { SkippedFile } from "../../core/data.ts";
import { readHead, unreadable } from "../../core/images/mod.ts";
import { isRunFolder, RUN_FOLDER_REASON } from "../../core/run/folder/is_run_folder.ts";
import { type AdaLabels, isDatasetJson, MAX_DATASET_JSON, parseAdaLabels } from "./ada_labels.ts";
import { labelFiles } from "./label_files.ts";
import { type Foreign, foreignReason, type FoundFile, shortName, type Source } from "./source.ts";
import { isSystemFile } from "../../core/images/mod.ts";

/** Folders nested more deeply are not read. */
const MAX_DEPTH = 32;

/**
 * Lists a folder's images; see {@linkcode labelFiles} for their labels. Links are followed, but
 * each folder is read once. Run folders inside are skipped: their samples would change the data
 * during training.
 * @param folder an existing folder
 * @param source how the user named it
 * @param foreign decides which files are skipped
 * @throws Error if the folder itself can't be read
 */
export async function folderSource(
  folder: string,
  source = folder,
  foreign: Foreign = foreignReason,
): Promise<Source> {
  const found: FoundFile[] = [], skipped: SkippedFile[] = [], seen = new Set<string>();
  let ada: AdaLabels | undefined, revision: string | undefined;
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
    if (depth > 0 && isRunFolder(path, entries.map(({ name }) => name))) {
      skipped.push({ path: inside, reason: RUN_FOLDER_REASON });
      return;
    }
    for (const { name } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const full = join(path, name), relative = inside === "" ? name : `${inside}/${name}`;
      if (isSystemFile(name)) continue;
      try {
        const stat = await Deno.stat(full);
        if (stat.isDirectory) {
          await visit(full, relative, depth + 1);
          continue;
        }
        if (isDatasetJson(relative) && !ada && stat.isFile && stat.size <= MAX_DATASET_JSON) {
          const bytes = await Deno.readFile(full);
          ada = parseAdaLabels(new TextDecoder().decode(bytes), relative);
          if (ada) {
            revision = sha256(bytes);
            continue;
          }
        }
        const reason = stat.isFile
          ? await foreign(relative, () => readHead(full))
          : "not a regular file";
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
        skipped.push({ path: relative, reason: unreadable(name, error) });
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
    ...labelFiles(found, ada),
    skipped,
    ...(revision === undefined ? {} : { revision }),
    close: () => {},
  };
}
