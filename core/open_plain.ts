/** Opening files of a run folder, which somebody else may have filled. */

/** How a file is opened; a missing one is made where it may be written and `create` says so. */
export interface OpenPlainOptions {
  /** For writing as well. Default false. */
  write?: boolean;
  /** Make the file where there is none. Default false. */
  create?: boolean;
}

/** Tries before a file that comes and goes is given up. */
const TRIES = 10;

/**
 * Opens a plain file without following a symbolic link at its end: what a link points to is neither
 * read, locked, truncated nor made. The link may be put there at any moment, so what was opened is
 * compared with what has the name.
 * @throws Error where the path is a link or no plain file; NotFound where there is none and
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
      expectPlain(path, await Deno.lstat(path)); // a pipe would make the next line wait
      file = await Deno.open(path, { read: true, write });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !create) throw error;
      try {
        // follows no link
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
        throw new Error(`Cannot open ${path}: expected it to stay, received others`);
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
