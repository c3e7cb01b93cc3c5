/** Files that commands write: none is replaced unasked. */

/**
 * Takes a path for a result.
 * @param taken paths of the same call's other results; this one is added
 * @param overwrite whether an older file may be replaced
 * @throws Error where a result would replace a file or another result of the same call
 */
export async function claim(
  target: string,
  taken: Set<string>,
  overwrite: boolean,
): Promise<void> {
  if (taken.has(target)) {
    throw new Error(
      `Cannot write ${target}: expected a new file, received the name of another result of ` +
        `this call. ` +
        `Call once for each, with another --out`,
    );
  }
  if (!overwrite && await Deno.stat(target).then(() => true, () => false)) {
    throw new Error(
      `Cannot write ${target}: expected a new file, received one that exists. Use --overwrite ` +
        `or another --out`,
    );
  }
  taken.add(target);
}
