/** Reads picture files as a whole, up to a size limit. */
import { PictureError } from "./picture_error.ts";
import { HEAD_BYTES, pictureFormat } from "./picture_format.ts";

/** Larger files are not read: 200 megapixels of uncompressed 8-bit RGB take 0.6 GB. */
export const MAX_FILE_BYTES = 2 ** 30;

/**
 * Reads a picture file. A file that is not a picture is refused by its first bytes, before the rest
 * is read.
 * @throws PictureError if it is not a picture or too large, otherwise the file system's error
 */
export async function readPictureFile(path: string, most = MAX_FILE_BYTES): Promise<Uint8Array> {
  const { isFile, size } = await Deno.stat(path); // opening a pipe would block
  if (!isFile) throw new PictureError("not a regular file");
  using file = await Deno.open(path);
  const sniffed = pictureFormat(await readSome(file, Math.min(size, HEAD_BYTES)));
  if ("reason" in sniffed) throw new PictureError(sniffed.reason);
  expectBytes(size, most);
  await file.seek(0, Deno.SeekMode.Start);
  return await readSome(file, size);
}

/** The first bytes of a file, which identify its format. */
export async function readHead(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  return await readSome(file, HEAD_BYTES);
}

/**
 * Refuses a file before memory is allocated for it.
 * @throws PictureError if it exceeds the limit
 */
export function expectBytes(size: number, most = MAX_FILE_BYTES): void {
  if (size <= most) return;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20).toLocaleString("en");
  throw new PictureError(
    `too large: a file of ${mebibytes(size)} MiB, at most ${
      mebibytes(most)
    } are read. Save it with compression`,
  );
}

/** Reads the next `length` bytes, or fewer at the end of the file. */
async function readSome(file: Deno.FsFile, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) break;
    at += read;
  }
  return bytes.subarray(0, at);
}
