/** Lists the pictures among the files and folders given on a command line. */
import { basename, join, resolve } from "node:path";
import { isRunFolder, RUN_FOLDER_REASON } from "../run/folder/is_run_folder.ts";
import { pictureFormat } from "./picture_format.ts";
import { readHead } from "./read_picture_file.ts";
import { isSystemFile } from "./system_files.ts";
import { unreadable } from "./unreadable.ts";

/** A file to read. */
export interface ListedPicture {
  /** As it was given, or below the folder that was given. */
  path: string;
  /**
   * Its subfolder of the output folder: for a file found in a folder, that folder's name and
   * subfolders; "" for a file given directly.
   */
  folder: string;
}

/** Which files are read, and which are not. */
export interface PictureList {
  /** In the order given; the pictures of a folder are sorted by name. */
  pictures: ListedPicture[];
  /** Files in folders that are not pictures, and run folders; system files are not listed. */
  skipped: { path: string; reason: string }[];
}

/**
 * Lists given files, and the pictures in given folders and their subfolders, sorted. System files
 * are always skipped, and so are run folders inside given folders. Links are followed, but each
 * folder is visited once, and a file that is given twice, or together with its folder, is listed
 * once.
 * @param given paths of files and folders
 * @param except a folder that is not visited: the output folder
 */
export async function listPictures(
  given: readonly string[],
  except?: string,
): Promise<PictureList> {
  const list: PictureList = { pictures: [], skipped: [] };
  const seen = new Set<string>(), files = new Set<string>();
  const add = (picture: ListedPicture) => {
    const file = resolve(picture.path);
    if (!files.has(file)) list.pictures.push(picture);
    files.add(file);
  };
  if (except !== undefined) seen.add(await Deno.realPath(except).catch(() => resolve(except)));
  const visit = async (path: string, folder: string, isNamed = false): Promise<void> => {
    const real = await Deno.realPath(path);
    if (seen.has(real)) return;
    seen.add(real);
    const names = (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
    if (!isNamed && isRunFolder(path, names)) {
      list.skipped.push({ path, reason: RUN_FOLDER_REASON });
      return;
    }
    for (const name of names) {
      if (isSystemFile(name)) continue;
      const full = join(path, name);
      try {
        const { isDirectory, isFile } = await Deno.stat(full);
        if (isDirectory) {
          await visit(full, join(folder, name));
          continue;
        }
        const sniffed = isFile ? pictureFormat(await readHead(full)) : {
          reason: "not a regular file",
        };
        if ("reason" in sniffed) list.skipped.push({ path: full, reason: sniffed.reason });
        else add({ path: full, folder });
      } catch (error) {
        list.skipped.push({ path: full, reason: unreadable(name, error) });
      }
    }
  };
  for (const path of given) {
    const name = basename(resolve(path));
    if (isSystemFile(name)) continue;
    const isFolder = await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
    if (isFolder) await visit(path, name, true);
    else add({ path, folder: "" });
  }
  return list;
}
