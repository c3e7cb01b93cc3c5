/** Where caches lie. */
import { join } from "node:path";

/**
 * The folder of Cambium's caches: CAMBIUM_CACHE, else the system's place for caches (XDG_CACHE_HOME or
 * ~/.cache, ~/Library/Caches, %LOCALAPPDATA%) and "cambium" in it.
 * @param env reads an environment variable
 * @param os as Deno.build.os
 * @throws Error where no home folder is known
 */
export function defaultCacheDir(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const own = env("CAMBIUM_CACHE");
  if (own) return own;
  const home = env("HOME");
  const root = os === "windows" ? env("LOCALAPPDATA") : env("XDG_CACHE_HOME") ||
    (home && (os === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache")));
  if (root) return join(root, "cambium");
  throw new Error(
    "Cannot choose a cache folder: expected HOME or CAMBIUM_CACHE to be set. Pass --cache FOLDER",
  );
}
