/** Claims the files that a command writes, so that none is overwritten by accident. */
import type { PluginCommandContext } from "../../core/mod.ts";

/**
 * Reserves a path for a result.
 * @param taken paths of the other results of this call; this one is added
 * @param overwrite whether an existing file may be replaced
 * @param context the command's context
 * @throws Error where the result would replace an existing file or another result of the same call,
 * or cannot be written
 */
export async function claim(
  target: string,
  { taken, overwrite, context }: {
    taken: Set<string>;
    overwrite: boolean;
    context: Pick<PluginCommandContext, "expectWritableFile">;
  },
): Promise<void> {
  if (taken.has(target)) {
    throw new Error(
      `Cannot write ${target}: expected a new file, received the name of another result of ` +
        `this call. ` +
        `Call once for each, with another --out`,
    );
  }
  await context.expectWritableFile(target, { overwrite });
  taken.add(target);
}
