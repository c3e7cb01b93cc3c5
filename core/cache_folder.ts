import { join } from "node:path";

/**
 * The root folder of Cambium's caches of downloads and prepared data: CAMBIUM_CACHE, else "cambium"
 * in the system's cache folder (XDG_CACHE_HOME or ~/.cache, ~/Library/Caches, %LOCALAPPDATA%).
 * @param env reads an environment variable
 * @param os as Deno.build.os
 * @returns undefined where no home folder is known
 */
export function cacheFolder(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  const own = env("CAMBIUM_CACHE");
  if (own) return own;
  const home = env("HOME");
  const root = os === "windows" ? env("LOCALAPPDATA") : env("XDG_CACHE_HOME") ||
    (home && (os === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache")));
  return root ? join(root, "cambium") : undefined;
}
