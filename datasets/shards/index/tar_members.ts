/** Lists the members of a tar from its headers, skipping the bodies. */
import { Buffer } from "node:buffer";
import { Header, Pax } from "tar";
import type { BytesAt } from "../read/bytes_at.ts";

/** A regular file in a tar. */
export interface TarMember {
  /** As in the tar, with "/" between folders. */
  path: string;
  /** Offset of its first byte in the tar. */
  offset: number;
  /** In bytes. */
  size: number;
  /** Its own header of 512 bytes, for a digest. */
  header: Uint8Array;
  /** Its bytes, if they were requested. */
  body?: Uint8Array;
}

/** The tar ends or is damaged here; the message is the reason. */
export class TarDamage extends Error {
  override name = "TarDamage";
}

/** Block size in bytes: a header is one block, bodies are padded to whole blocks. */
const BLOCK = 512;

/**
 * Bytes read at a time while searching for headers: consecutively, and after skipping a long body.
 */
const CHUNK = 2 ** 22, SMALL_CHUNK = 2 ** 16;

/** Largest long name or pax header; longer ones are treated as damage. */
const MAX_EXTENSION = 2 ** 20;

/** Types, in the library's terms, of members that contain the name of the next one. */
const LONG_NAME = /^(NextFileHasLongPath|OldGnuLongPath)$/;

/**
 * Members in the tar's order; links, folders and devices are skipped. Long names in pax and GNU
 * format are supported.
 * @param wants selects the members whose bodies are returned
 * @throws TarDamage if the tar is truncated or its headers are damaged, after the members before
 * the damage
 */
export async function* tarMembers(
  bytes: BytesAt,
  wants: (path: string, size: number) => boolean = () => false,
): AsyncGenerator<TarMember> {
  const look = lookAhead(bytes);
  let own: Pax | undefined, all: Pax | undefined, longName: string | undefined;
  for (let at = 0; at < bytes.size;) {
    const block = await look(at, BLOCK);
    if (block.every((byte) => byte === 0)) return; // the end, or what is left of a block size
    const header = new Header(Buffer.from(block.buffer, block.byteOffset, BLOCK), 0, own, all);
    if (!header.cksumValid) throw new TarDamage(`damaged at byte ${at}: no header of a tar`);
    const { type, size = 0 } = header, offset = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > bytes.size) {
      throw new TarDamage(`cut short: the file at byte ${at} extends beyond the end`);
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
    const isPax = type === "ExtendedHeader" || type === "OldExtendedHeader";
    if (isPax || type === "GlobalExtendedHeader" || LONG_NAME.test(type)) {
      if (size > MAX_EXTENSION) throw new TarDamage(`damaged at byte ${offset}: a name too long`);
      const text = new TextDecoder().decode(await look(offset, size));
      if (isPax) own = Pax.parse(text, own, false);
      else if (type === "GlobalExtendedHeader") all = Pax.parse(text, all, true);
      else longName = text.replace(/\0.*$/s, "");
      continue;
    }
    const path = (own?.path ?? longName ?? header.path ?? "").replace(/^\.\//, "");
    [own, longName] = [undefined, undefined];
    const isFile = type === "File" || type === "OldFile" || type === "ContiguousFile";
    if (!isFile || path.endsWith("/")) continue;
    const body = wants(path, size) ? { body: await look(offset, size) } : {};
    yield { path, offset, size, header: block, ...body };
  }
}

/** Reads ahead from the last requested offset; requests never go backwards. */
function lookAhead(bytes: BytesAt): (offset: number, length: number) => Promise<Uint8Array> {
  let start = 0, held: Uint8Array = new Uint8Array();
  return async (offset, length) => {
    if (offset + length > bytes.size) throw new TarDamage("cut short: it ends within a block");
    const end = start + held.length;
    if (offset < start || offset + length > end) {
      const chunk = offset - end > CHUNK ? SMALL_CHUNK : CHUNK;
      start = offset;
      held = await bytes.read(offset, Math.min(bytes.size - offset, Math.max(chunk, length)));
    }
    return held.subarray(offset - start, offset - start + length);
  };
}
