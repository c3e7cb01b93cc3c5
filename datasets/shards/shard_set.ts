/** The shards of a data set: their indexes and their bytes. */
import { join } from "node:path";
import { ConfigError } from "../../core/config/config_layer.ts";
import { messageOf } from "../../core/text.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { digestOf } from "../cache/build.ts";
import type { CacheProgress } from "../options.ts";
import { decodeIndex, decodeSummary, encodeIndex } from "./index/index_file.ts";
import {
  indexShard,
  type ShardIndex,
  type ShardSamples,
  type ShardSummary,
} from "./index/shard_index.ts";
import { listShards, shardName } from "./read/addresses.ts";
import { type BytesAt, isWeb } from "./read/bytes_at.ts";
import { openFileBytes } from "./read/file_bytes.ts";
import { LruCache } from "./read/lru_cache.ts";
import { takeTurns } from "./read/take_turns.ts";
import { openWebBytes, readWebFile } from "./read/web_bytes.ts";

/** A tar. */
export interface Shard {
  /** Its file name, for messages. */
  name: string;
  /** A path or URL. */
  address: string;
  /** Changes with its content. */
  revision: string;
  summary: ShardSummary;
}

/** Opened shards; only a few of their arrays and files are held at a time. */
export interface ShardSet {
  /** Short, suitable as a folder name. */
  name: string;
  /** As the user gave it. */
  source: string;
  shards: readonly Shard[];
  /** The positions of a shard's pictures. */
  samples(shard: number): Promise<ShardSamples>;
  /**
   * Reads bytes of a shard.
   * @throws Error if it has changed
   */
  read(shard: number, offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/** Number of shards indexed in parallel, and of files open at the same time. */
const PARALLEL = 8, OPEN_FILES = 64;

/** Number of shards whose arrays are held: several groups of the order. */
const HELD_INDEXES = 32;

/** Bytes of an index that are read to find its first line. */
const HEAD = 2 ** 14;

/** Size limit of an index on a server in bytes. */
const MAX_INDEX = 2 ** 28;

/**
 * Opens shards: reads their cached indexes, otherwise their headers once.
 * @param source "shards:…"
 * @param cacheDir folder of Cambium's caches
 * @throws Error naming the shard that can't be read
 */
export async function openShardSet(
  source: string,
  cacheDir: string,
  onProgress: (progress: CacheProgress) => void = () => {},
): Promise<ShardSet> {
  const { name, addresses } = await listShards(source);
  const folder = join(cacheDir, "shards"), shards: Shard[] = [];
  let done = 0, skipped = 0, isOver = false;
  const inTurn = takeTurns(PARALLEL);
  const looks = await Promise.allSettled(addresses.map((address, i) =>
    inTurn(async () => {
      if (isOver) return;
      try {
        using bytes = await open(address);
        const { revision } = bytes, summary = await summaryOf(address, bytes, folder);
        shards[i] = { name: shardName(address), address, revision, summary };
        skipped += summary.skipped.length;
        onProgress({ done: ++done, total: addresses.length, skipped });
      } catch (error) {
        isOver = true;
        throw error;
      }
    })
  ));
  // Report the first failure in the shards' order, whichever occurred first.
  const failed = looks.find((look) => look.status === "rejected");
  if (failed) throw failed.reason;

  const files = new LruCache<number, Opened>(OPEN_FILES, (bytes) => bytes.close());
  const indexes = new LruCache<number, ShardSamples>(HELD_INDEXES);
  const opened = (i: number) => files.get(i, () => openSame(shards[i]!));
  const samples = (i: number) =>
    indexes.get(i, async () => {
      return (await indexOf(shards[i]!.address, await opened(i), folder)).samples;
    });
  return {
    name,
    source,
    shards,
    samples,
    read: async (shard, offset, length) => await (await opened(shard)).read(offset, length),
    close: () => {
      files.close();
      indexes.close();
    },
  };
}

type Opened = BytesAt & Disposable;

async function open(address: string): Promise<Opened> {
  try {
    const bytes = await (isWeb(address) ? openWebBytes(address) : openFileBytes(address));
    return { ...bytes, [Symbol.dispose]: bytes.close };
  } catch (cause) {
    if (isWeb(address)) throw cause; // its message is complete
    throw new ConfigError(
      `Cannot open the shard ${address}: expected a tar that can be read, received ${
        cause instanceof Deno.errors.NotFound ? "none" : messageOf(cause)
      }`,
      { cause },
    );
  }
}

/** Opens a shard again, and checks that it has not changed. */
async function openSame({ address, revision, summary }: Shard): Promise<Opened> {
  const bytes = await open(address);
  if (bytes.size === summary.size && bytes.revision === revision) return bytes;
  bytes.close();
  throw new Error(
    `Cannot continue with ${address}: expected the shard to be the one that was opened, ` +
      "received another. Start again; deno task train --resume continues from the last checkpoint",
  );
}

/** The path of a cached index, for this revision of the shard. */
function cachedIndexPath(folder: string, address: string, { size, revision }: BytesAt): string {
  return join(folder, `${digestOf([address, size, revision]).slice(0, 24)}.idx`);
}

/** The file beside a shard to which `data prepare --shards` writes its index. */
export function siblingIndexPath(address: string): string {
  if (!isWeb(address)) return `${address}.idx`;
  const url = new URL(address);
  url.pathname += ".idx";
  return url.href;
}

/** The summary of a shard, from the first line of an index if there is one. */
async function summaryOf(address: string, bytes: BytesAt, folder: string): Promise<ShardSummary> {
  const beside = isWeb(address) ? [] : [siblingIndexPath(address)];
  for (const path of [cachedIndexPath(folder, address, bytes), ...beside]) {
    const summary = decodeSummary(await readFile(path, HEAD)) ??
      decodeSummary(await readFile(path)); // many classes
    if (summary?.size === bytes.size) return summary;
  }
  return (await indexOf(address, bytes, folder)).summary;
}

/** The index of a shard: the cached one, the one beside it, or a new one, which is cached. */
async function indexOf(address: string, bytes: BytesAt, folder: string): Promise<ShardIndex> {
  const kept = cachedIndexPath(folder, address, bytes), beside = siblingIndexPath(address);
  const known = decodeIndex(await readFile(kept));
  if (known?.summary.size === bytes.size) return known;
  const file = isWeb(address)
    ? await readWebFile(beside, MAX_INDEX) ?? new Uint8Array()
    : await readFile(beside);
  const found = decodeIndex(file), isOf = found?.summary.size === bytes.size;
  if (isOf && !isWeb(address)) return found;
  const index = isOf ? found : await indexShard(bytes, shardName(address));
  await writeWhole(kept, encodeIndex(index));
  return index;
}

/** The first bytes of a file, or all; empty if the file does not exist. */
async function readFile(path: string, most = Infinity): Promise<Uint8Array> {
  try {
    if (most === Infinity) return await Deno.readFile(path);
    using file = await Deno.open(path);
    const bytes = new Uint8Array(most);
    return bytes.subarray(0, await file.read(bytes) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}
