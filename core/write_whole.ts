/** Atomic writing of files. */
import { dirname, join } from "node:path";
import { messageOf } from "./text.ts";

/**
 * Writes a file atomically: to a temporary file in the same folder, then renames it. The temporary
 * name is short, since the file's own may be as long as names can be. Creates the folder where it
 * is missing.
 * @throws Error with the cause where it can't be written; nothing is left behind
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${crypto.randomUUID().slice(0, 8)}`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {}); // it may not exist
    throw new Error(
      `Cannot write ${path}: expected a folder that can be written and has room, received ${
        messageOf(cause)
      }`,
      { cause },
    );
  }
}
