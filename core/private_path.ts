/**
 * Files and folders that only this user may write: for code and decisions that are trusted without
 * asking again.
 */
import { dirname } from "node:path";

/**
 * Makes sure that only this user and root can write a file or folder. Removes write permission of
 * group and others. Its parent folder is not changed; where anyone may replace files in it, that is
 * an error.
 * @param path one that Cambium created
 * @returns "private" where it already was, "tightened" where others could have written to it before
 * @throws Error where it belongs to another user, or anyone may replace it; NotFound where it is
 * missing
 */
export async function makePrivate(
  path: string,
  uid: number | null = Deno.uid(),
): Promise<"private" | "tightened"> {
  const info = await Deno.stat(path), folder = await Deno.stat(dirname(path));
  // Windows separates users' profiles
  if (uid === null || info.uid === null || info.mode === null) return "private";
  if (info.uid !== uid && info.uid !== 0) {
    throw distrusted(path, "it to belong to this user or root", `user ${info.uid}'s`);
  }
  const open = (folder.mode ?? 0) & 0o1002; // world-writable, and not protected by the sticky bit
  if (open === 0o2) {
    throw distrusted(path, "a folder in which not everybody may replace it", dirname(path));
  }
  if ((info.mode & 0o022) === 0) return "private";
  if (info.uid !== uid && uid !== 0) {
    const mode = (info.mode & 0o777).toString(8);
    throw distrusted(path, "that only its owner may write it", `mode ${mode}`);
  }
  await Deno.chmod(path, info.mode & 0o755);
  return "tightened";
}

function distrusted(path: string, expected: string, received: string): Error {
  return new Error(
    `Cannot trust ${path}: expected ${expected}, received ${received}. ` +
      `Correct that with chown or chmod, or set CAMBIUM_CACHE to another folder`,
  );
}
