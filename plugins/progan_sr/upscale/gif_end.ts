/** Finds out how a GIF file ends (GIF89a, 1990). The decoder does not report truncated files. */

/** `whole`: with its trailer; `between`: cut between two blocks; `within`: cut inside a block. */
export type GifEnd = "whole" | "between" | "within";

const EXTENSION = 0x21, IMAGE = 0x2c;

/** Bytes of the header and logical screen descriptor, and of an image descriptor. */
const HEADER = 13, DESCRIPTOR = 10;

/** Walks over a GIF's blocks. An unknown block type counts as the end, as in decoders. */
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

/** Bytes of the colour table that packed flags announce. */
function colorTable(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** The position after a sequence of sub-blocks, each preceded by its length; length 0 ends it. */
function endOfData(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at += 1 + bytes[at]!) { // in bounds
    if (bytes[at] === 0) return at + 1;
  }
  return bytes.length + 1; // the terminator is missing
}
