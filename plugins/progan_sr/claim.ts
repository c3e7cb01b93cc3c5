/** Files that commands write: none is replaced unasked. */
import type { PluginCommandContext } from "../../core/mod.ts";

/**
 * Takes a path for a result.
 * @param taken paths of the same call's other results; this one is added
 * @param overwrite whether an older file may be replaced
 * @param context of the command
 * @throws Error where a result would replace a file or another result of the same call, or can't be
 * written
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
