/** Bytes that can be read from anywhere: a file, or an address that answers ranges. */

/** An opened shard. */
export interface BytesAt {
  /** Bytes in all. */
  size: number;
  /** What tells a change: of a file its time, of an address its tag. */
  revision: string;
  /**
   * The bytes from `offset`, all of them.
   * @throws Error where they can't be had
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/** Opens a shard's address: a path, or one of http(s). */
export type OpenBytes = (address: string) => Promise<BytesAt>;

/** Whether an address is of the web. */
export const isWeb = (address: string): boolean => /^https?:\/\//i.test(address);
