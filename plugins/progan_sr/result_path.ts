/** File paths of results. */
import { createHash } from "node:crypto";
import { basename, extname, join } from "node:path";
import type { ListedPicture } from "../../core/mod.ts";

/** Bytes of UTF-8 that file systems allow in a name. */
const MOST_BYTES = 255;

/**
 * The path of a result: the picture's folder below `out`, then its name without its extension, then
 * `ending`. A name that is too long is cut and made unique by a hash of the whole name.
 * @param ending such as "-2x.png"
 */
export function resultPath(out: string, { path, folder }: ListedPicture, ending: string): string {
  const stem = basename(path, extname(path));
  return join(out, folder, fit(stem, ending));
}

/**
 * The paths of a picture's results. Where a.png and a.gif lie in one folder, the results of the
 * second begin with a-gif.
 * @param taken paths of the other results of this call
 */
export function freePaths(
  out: string,
  listed: ListedPicture,
  { endings, taken }: { endings: readonly string[]; taken: ReadonlySet<string> },
): string[] {
  const paths = endings.map((ending) => resultPath(out, listed, ending));
  if (!paths.some((path) => taken.has(path))) return paths;
  const mark = extname(listed.path).replace(".", "-");
  return endings.map((ending) => resultPath(out, listed, mark + ending));
}

function fit(stem: string, ending: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (bytes(stem + ending) <= MOST_BYTES) return stem + ending;
  const mark = "-" + createHash("sha256").update(stem).digest("hex").slice(0, 8) + ending;
  let short = "";
  for (const character of stem) {
    if (bytes(short + character + mark) > MOST_BYTES) break;
    short += character;
  }
  return short + mark;
}
