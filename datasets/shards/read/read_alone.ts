/** Whether a worker reads its own pictures of a block one by one, or the whole block. */
import { isWeb } from "./bytes_at.ts";

/**
 * What a request costs beside its bytes, as bytes that could be read meanwhile: a file's is a
 * system call and a place on a disk without moving parts, a server's a round trip of 20 ms at 100
 * Mbit/s.
 */
const REQUEST_BYTES = { file: 2 ** 14, web: 2 ** 18 };

/** A block, and the part of all pictures that the worker draws. */
export interface ReadPlace {
  /** Of the block's shard. */
  address: string;
  /** Bytes of the block. */
  length: number;
  /** Pictures of the block. */
  count: number;
  /** 0 to 1. */
  share: number;
}

/** @returns whether the worker's pictures alone cost less than the block whole */
export function readsAlone({ address, length, count, share }: ReadPlace): boolean {
  const request = isWeb(address) ? REQUEST_BYTES.web : REQUEST_BYTES.file;
  return share * (length + count * request) < length + request;
}
