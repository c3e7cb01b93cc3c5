/** Random access to a file on a web server that supports range requests (RFC 9110, section 14). */
import { ConfigError } from "../../../core/config/config_layer.ts";
import { messageOf } from "../../../core/text.ts";
import type { BytesAt } from "./bytes_at.ts";
import { takeTurns } from "./take_turns.ts";

/** Retries and timeouts. */
export interface RetryOptions {
  /** Number of attempts before a read fails. */
  tries: number;
  /** Delay before the second attempt in ms; it doubles with each further one. */
  pause: number;
  /** Timeout of a request and its response in ms. */
  timeout: number;
}

const RETRIES: RetryOptions = { tries: 6, pause: 250, timeout: 60_000 };

/** Most redirects that are followed. */
const MAX_REDIRECTS = 5;

/** Limits concurrent requests. */
const inTurn = takeTurns(8);

/** An error that may not occur again when the request is retried. */
class TransientError extends Error {
  override name = "TransientError";
}

/** A part of a file, with facts about the whole file. */
interface Part {
  bytes: Uint8Array;
  size: number;
  revision: string;
}

/**
 * Opens an http(s) URL.
 * @throws ConfigError if there is no file, or the server does not support range requests
 */
export async function openWebBytes(address: string, retries = RETRIES): Promise<BytesAt> {
  const { size, revision } = await readPart(address, { offset: 0, length: 1 }, retries);
  return {
    size,
    revision,
    async read(offset, length) {
      if (length === 0) return new Uint8Array();
      const part = await readPart(address, { offset, length }, retries);
      if (part.size === size && part.revision === revision) return part.bytes;
      throw new Error(
        `Cannot continue with ${address}: expected the file to be the one that was opened, ` +
          "received another",
      );
    },
    close() {},
  };
}

/**
 * Reads a small file as a whole.
 * @returns undefined if it does not exist, or is larger than `most` bytes
 */
export async function readWebFile(
  address: string,
  most: number,
  retries = RETRIES,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await openWebBytes(address, retries);
    return bytes.size > most ? undefined : await bytes.read(0, bytes.size);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

interface Range {
  offset: number;
  length: number;
}

async function readPart(address: string, range: Range, retries: RetryOptions): Promise<Part> {
  for (let tried = 1;; tried++) {
    try {
      return await inTurn(() => ask(address, range, retries.timeout));
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (tried >= retries.tries) {
        throw new Error(
          `Cannot read ${address}: expected ${range.length} bytes from ${range.offset} on, ` +
            `received in ${tried} requests: ${messageOf(error)}`,
          { cause: error },
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, retries.pause * 2 ** (tried - 1)));
  }
}

async function ask(address: string, range: Range, timeout: number): Promise<Part> {
  const { offset, length } = range, signal = AbortSignal.timeout(timeout);
  const headers = { range: `bytes=${offset}-${offset + length - 1}` };
  const response = await asTransient(() => follow(address, { headers, signal }));
  const { status } = response;
  if (status !== 206) {
    await response.body?.cancel();
    if (status >= 500 || status === 429 || status === 408) {
      throw new TransientError(`status ${status}`);
    }
    throw new ConfigError(
      status === 200
        ? `Cannot read ${address}: expected a server with range requests, received whole files. ` +
          "Download the shards, or serve them by another program"
        : `Cannot read ${address}: expected a file, received status ${status}`,
    );
  }
  const [, from, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(
    response.headers.get("content-range") ?? "",
  ) ?? [];
  if (Number(from) !== offset || size === undefined) {
    await response.body?.cancel();
    throw new ConfigError(
      `Cannot read ${address}: expected a content-range from ${offset} on with the size of all, ` +
        `received "${response.headers.get("content-range") ?? ""}"`,
    );
  }
  const revision = response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";
  const bytes = await asTransient(() => readExactly(response, length));
  return { bytes, size: Number(size), revision };
}

/** Reads a body of exactly `length` bytes, and no more. */
async function readExactly({ body }: Response, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const chunk of body ?? []) { // leaving the loop cancels the rest
    if (at + chunk.length > length) throw new TransientError("more bytes than requested");
    bytes.set(chunk, at);
    at += chunk.length;
  }
  if (at < length) throw new TransientError(`only ${at} bytes`);
  return bytes;
}

/** Network errors are worth a retry. */
async function asTransient<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof ConfigError || cause instanceof TransientError) throw cause;
    throw new TransientError(messageOf(cause), { cause });
  }
}

async function follow(address: string, init: RequestInit): Promise<Response> {
  let url = address;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(url, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    url = new URL(location, url).href;
    if (!/^https?:/.test(url)) {
      throw new ConfigError(`Cannot read ${address}: expected http(s), received a way to ${url}`);
    }
  }
  throw new ConfigError(
    `Cannot read ${address}: expected at most ${MAX_REDIRECTS} redirects, received more`,
  );
}
