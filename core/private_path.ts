/**
 * Files and folders of Cambium's own that only this user may write, for what is run or believed
 * without asking again.
 */
import { dirname } from "node:path";

/**
 * Makes sure that nobody but this user and root can write what lies there. Where the owner's group
 * or others may, that right is taken away. The folder that it lies in is left as it is; where
 * everybody may replace what is in there, that is an error.
 * @param path one that Cambium made
 * @returns "private" where it was so, "tightened" where others could have written before
 * @throws Error where it belongs to somebody else, or anybody may replace it; NotFound where there
 * is none
 */
export async function makePrivate(
  path: string,
  uid: number | null = Deno.uid(),
): Promise<"private" | "tightened"> {
  const info = await Deno.stat(path), folder = await Deno.stat(dirname(path));
  // Windows keeps profiles apart
  if (uid === null || info.uid === null || info.mode === null) return "private";
  if (info.uid !== uid && info.uid !== 0) {
    throw distrusted(path, "it to belong to this user or root", `user ${info.uid}'s`);
  }
  const open = (folder.mode ?? 0) & 0o1002; // anybody may write; the sticky bit keeps what is there
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
      `Mend it (chown, chmod), or name another folder by CAMBIUM_CACHE`,
  );
}
