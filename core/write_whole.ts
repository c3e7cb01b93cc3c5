/** Files that appear at once and whole. */
import { dirname, join } from "node:path";
import { messageOf } from "./text.ts";

/**
 * Writes beside the path first, under a short name since the path's own may be as long as names can
 * be, then renames; makes the folder where there is none.
 * @throws Error with the cause where it can't be written; then nothing is left behind
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${crypto.randomUUID().slice(0, 8)}`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {}); // it may not be there
    throw new Error(
      `Cannot write ${path}: expected a folder that can be written and has room, received ${
        messageOf(cause)
      }`,
      { cause },
    );
  }
}
