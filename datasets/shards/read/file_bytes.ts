/** Random access to a file on disk. */
import type { BytesAt } from "./bytes_at.ts";
import { readAt, TurnsAtFile } from "../../turns_at_file.ts";

/**
 * Opens a file.
 * @throws Deno.errors.NotFound and other errors of the file system
 */
export async function openFileBytes(path: string): Promise<BytesAt> {
  const { isFile, size, mtime } = await Deno.stat(path); // opening a pipe would block
  if (!isFile) throw new Error(`Cannot read ${path}: expected a file, received something else`);
  const turns = new TurnsAtFile(await Deno.open(path));
  return {
    size,
    revision: String(mtime?.getTime() ?? 0),
    read: (offset, length) =>
      turns.next(async (file) => {
        const bytes = await readAt(file, offset, length);
        if (bytes.length === length) return bytes;
        throw new Error(
          `Cannot read ${path}: expected ${length} bytes from ${offset} on, received ` +
            `${bytes.length}. It was cut while it was in use`,
        );
      }),
    close: () => turns.close(),
  };
}
