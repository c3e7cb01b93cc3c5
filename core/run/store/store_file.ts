/**
 * Detects that the run store's file is gone: SQLite keeps using a removed file, which no other
 * process can find.
 */

/** What happened to the opened file; undefined where it is still there. */
export type LostFile = "removed" | "replaced" | undefined;

/**
 * Remembers which file is at `path` now.
 * @returns a function that checks whether it is still the same file
 */
export async function watchStoreFile(path: string): Promise<() => Promise<LostFile>> {
  const opened = await Deno.stat(path);
  return async () => {
    const now = await Deno.stat(path).catch(() => null);
    if (now && now.ino === opened.ino && now.dev === opened.dev) return undefined;
    return now ? "replaced" : "removed";
  };
}
