/** Parts of a file on disk. */
import type { BytesAt } from "./bytes_at.ts";

/**
 * Opens a file.
 * @throws Deno.errors.NotFound and others of the file system
 */
export async function openFileBytes(path: string): Promise<BytesAt> {
  const { isFile, size, mtime } = await Deno.stat(path); // opening a pipe would wait for ever
  if (!isFile) throw new Error(`Cannot read ${path}: expected a file, received something else`);
  const file = await Deno.open(path);
  let last: Promise<unknown> = Promise.resolve(); // a file has one position
  let reading = 0, isClosed = false;
  return {
    size,
    revision: String(mtime?.getTime() ?? 0),
    read(offset, length) {
      reading++;
      const read = last.then(() => readAt(file, path, { offset, length })).finally(() => {
        if (--reading === 0 && isClosed) file.close();
      });
      last = read.catch(() => {}); // its caller is told
      return read;
    },
    close() { // what is being read is read first
      isClosed = true;
      if (reading === 0) file.close();
    },
  };
}

async function readAt(
  file: Deno.FsFile,
  path: string,
  { offset, length }: { offset: number; length: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  for (let at = 0; at < length;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) {
      throw new Error(
        `Cannot read ${path}: expected ${length} bytes from ${offset} on, received ${at}. ` +
          "It was cut while it was in use",
      );
    }
    at += read;
  }
  return bytes;
}
