/** Random access to bytes: of a file, or of a URL whose server supports range requests. */

/** An opened shard. */
export interface BytesAt {
  /** Total size in bytes. */
  size: number;
  /** Changes with the content: a file's modification time, or a URL's ETag. */
  revision: string;
  /**
   * Reads exactly `length` bytes from `offset` on.
   * @throws Error if they can't be read
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/** Opens a shard's address: a path, or an http(s) URL. */
export type OpenBytes = (address: string) => Promise<BytesAt>;

/** Whether an address is a URL. */
export const isWeb = (address: string): boolean => /^https?:\/\//i.test(address);
