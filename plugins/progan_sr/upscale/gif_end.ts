/** Tells how a GIF file ends (GIF89a, 1990): its decoder shows what there is of a cut one. */

/** `whole` with its trailer, `between` two blocks without it, or `within` a block. */
export type GifEnd = "whole" | "between" | "within";

const EXTENSION = 0x21, IMAGE = 0x2c;

/** Bytes of what comes before the first colour table or block, and of an image's descriptor. */
const HEADER = 13, DESCRIPTOR = 10;

/** Walks over a GIF's blocks. Bytes that begin none count as its end, as decoders take them. */
export function gifEnd(bytes: Uint8Array): GifEnd {
  let at = HEADER + colorTable(bytes[10]);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === EXTENSION) at = endOfData(bytes, at + 2);
    else if (kind === IMAGE) {
      at = endOfData(bytes, at + DESCRIPTOR + colorTable(bytes[at + DESCRIPTOR - 1]) + 1);
    } else return "whole";
  }
  return at === bytes.length ? "between" : "within";
}

/** Bytes of the colour table that packed flags tell of. */
function colorTable(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Behind sub-blocks, each with its length before it; one of length 0 ends them. */
function endOfData(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at += 1 + bytes[at]!) { // inside
    if (bytes[at] === 0) return at + 1;
  }
  return bytes.length + 1; // the last is missing
}
