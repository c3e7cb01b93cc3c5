/** Decompresses gzip, up to a size limit. */
import { createGunzip } from "node:zlib";
import { joinBytes } from "../join_bytes.ts";
import { DrawingError } from "./drawing.ts";

/** JSON of drawings compresses to about a quarter; larger ratios than this are refused. */
const RATIO = 100, RATIO_FREE = 16 * 2 ** 20;
/** Largest decompressed size kept in memory. */
const MAX_BYTES = 512 * 2 ** 20;

/** The most bytes that a file of so many bytes may decompress to. */
export function decompressedLimit(bytes: number): number {
  return Math.min(MAX_BYTES, Math.max(RATIO_FREE, RATIO * bytes));
}

/** @throws DrawingError if the data is damaged or decompresses to too much */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const most = decompressedLimit(bytes.length);
  const stream = createGunzip(), chunks: Uint8Array[] = [];
  let total = 0;
  try {
    stream.end(bytes);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      if (total > most) throw new DrawingError("packed, and unpacks to too much");
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DrawingError) throw error;
    throw new DrawingError("damaged: it can't be unpacked", { cause: error });
  } finally {
    stream.destroy();
  }
  return joinBytes(chunks);
}
