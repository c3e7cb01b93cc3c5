/** Files and folders that only their owner may write, for what is run or believed without asking again. */

/**
 * Makes sure that nobody but this user and root can write what lies there. Where the owner's group or others may, their right is
 * taken away.
 * @returns "private" where it was so, "tightened" where others could have written before
 * @throws Error where it belongs to somebody else; NotFound where there is none
 */
export async function makePrivate(
  path: string,
  uid: number | null = Deno.uid(),
): Promise<"private" | "tightened"> {
  const info = await Deno.stat(path);
  if (uid === null || info.uid === null || info.mode === null) return "private"; // Windows keeps profiles apart
  if (info.uid !== uid && info.uid !== 0) {
    throw new Error(
      `Cannot trust ${path}: expected it to belong to this user or root, received user ${info.uid}'s. ` +
        `Name another folder by CAMBIUM_CACHE, or make it yours: chown`,
    );
  }
  if ((info.mode & 0o022) === 0) return "private";
  if (info.uid !== uid && uid !== 0) {
    throw new Error(
      `Cannot trust ${path}: expected that only its owner may write it, received mode ${
        (info.mode & 0o777).toString(8)
      }. ` + `Name another folder by CAMBIUM_CACHE`,
    );
  }
  await Deno.chmod(path, info.mode & 0o755);
  return "tightened";
}
