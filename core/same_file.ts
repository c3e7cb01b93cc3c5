/** Whether paths lead to the same place, by links, too. */

/** Whether two paths lead to one file or folder; a path to none leads to no other's. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, two] = await Promise.all(
    [a, b].map((path) => Deno.realPath(path).catch(() => undefined)),
  );
  return one !== undefined && one === two;
}
