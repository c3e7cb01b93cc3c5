/** Decides whether a worker reads its own pictures of a block one by one, or the whole block. */
import { isWeb } from "./bytes_at.ts";

/**
 * The overhead of a request, as the number of bytes that could be read in the same time: for a file
 * a system call and an SSD access, for a server a round trip of 20 ms at 100 Mbit/s.
 */
const REQUEST_BYTES = { file: 2 ** 14, web: 2 ** 18 };

/** A block, and the fraction of all pictures that the worker draws. */
export interface ReadPlace {
  /** Address of the block's shard. */
  address: string;
  /** Size of the block in bytes. */
  length: number;
  /** Number of pictures in the block. */
  count: number;
  /** 0 to 1. */
  share: number;
}

/** @returns whether reading only the worker's pictures costs less than reading the whole block */
export function readsAlone({ address, length, count, share }: ReadPlace): boolean {
  const request = isWeb(address) ? REQUEST_BYTES.web : REQUEST_BYTES.file;
  return share * (length + count * request) < length + request;
}
