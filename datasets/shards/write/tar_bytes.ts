/** Writes a tar, member by member. */
import { Header } from "tar";

/** Block size in bytes: a header is one block, bodies are padded to whole blocks. */
const BLOCK = 512;

/** The end of a tar. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/**
 * A regular file with its header, padded; the bytes are the same on every machine.
 * @param path at most 100 ASCII characters
 */
export function tarMember(path: string, body: Uint8Array): Uint8Array {
  const header = new Header({
    path,
    size: body.length,
    type: "File",
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: new Date(0),
  });
  if (header.encode() || !header.block) {
    throw new RangeError(`Cannot write ${path}: expected a name of at most 100 characters`);
  }
  const bytes = new Uint8Array(BLOCK + Math.ceil(body.length / BLOCK) * BLOCK);
  bytes.set(header.block);
  bytes.set(body, BLOCK);
  return bytes;
}
