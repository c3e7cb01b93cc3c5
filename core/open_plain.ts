/** Opens files of a run folder safely, since its content may come from someone else. */

/** How to open a file. */
export interface OpenPlainOptions {
  /** For writing as well. Default false. */
  write?: boolean;
  /** Create the file where it is missing; needs `write`. Default false. */
  create?: boolean;
}

/** Attempts with a file that keeps being replaced. */
const TRIES = 10;

/**
 * Opens a regular file without following a symbolic link in the last part of its path: a link's
 * target is neither read, locked, truncated nor created. Since a link could be put there at any
 * moment, the opened file is compared with what has the name afterwards.
 * @throws Error where the path is a link or not a regular file; NotFound where it is missing and
 * `create` is not set
 */
export async function openPlain(
  path: string,
  options: OpenPlainOptions = {},
): Promise<Deno.FsFile> {
  const { write = false, create = false } = options;
  for (let attempt = 1;; attempt++) {
    let file: Deno.FsFile;
    try {
      expectPlain(path, await Deno.lstat(path)); // opening a pipe would block
      file = await Deno.open(path, { read: true, write });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !create) throw error;
      try {
        // createNew follows no link
        return await Deno.open(path, { read: true, write: true, createNew: true });
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists) || attempt === TRIES) throw error;
        continue;
      }
    }
    try {
      const [opened, named] = [await file.stat(), await Deno.lstat(path)];
      expectPlain(path, named);
      if (opened.ino === named.ino && opened.dev === named.dev) return file;
      if (attempt === TRIES) {
        throw new Error(`Cannot open ${path}: expected one file, but it keeps being replaced`);
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

function expectPlain(path: string, info: Deno.FileInfo): void {
  if (info.isFile) return;
  const received = info.isSymlink ? "a symbolic link" : info.isDirectory ? "a folder" : "a device";
  throw new Error(
    `Cannot open ${path}: expected a plain file, received ${received}. Move it away, and try again`,
  );
}
