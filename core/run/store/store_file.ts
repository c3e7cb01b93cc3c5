/** Notices that the run store's file is gone: SQLite goes on with one that nobody else finds. */

/** What became of the file that was opened; undefined where it is still there. */
export type LostFile = "removed" | "replaced" | undefined;

/**
 * Remembers the file that is at `path` now.
 * @returns what tells whether it is still that file
 */
export async function watchStoreFile(path: string): Promise<() => Promise<LostFile>> {
  const opened = await Deno.stat(path);
  return async () => {
    const now = await Deno.stat(path).catch(() => null);
    if (now && now.ino === opened.ino && now.dev === opened.dev) return undefined;
    return now ? "replaced" : "removed";
  };
}
