/** A disk cache of decoded pictures of shards, within a budget. */
import { join } from "node:path";
import sharp from "sharp";
import { messageOf } from "../../../core/text.ts";
import { digestOf } from "../../cache/build.ts";
import type { DecodeHow } from "../decode/decode_pool.ts";
import { LruCache } from "../read/lru_cache.ts";
import { takeTurns } from "../read/take_turns.ts";
import type { Shard, ShardSet } from "../shard_set.ts";
import { DamagedError, type DecodedFormat, DecodedShard, sizeOf } from "./decoded_shard.ts";
import { DECODED, makeRoom } from "./make_room.ts";

/** Incremented when the pixels of the same shard and options change. */
const PIXELS_VERSION = 1;

/** Number of files open at the same time: two groups of the order, unless its shards are small. */
const OPEN_FILES = 64;

/** Where decoded pictures are stored. */
export interface DecodedPlace {
  folder: string;
  /** Most bytes of all files in the folder. */
  budget: number;
  /** Called if the budget is too small, a file is damaged, or nothing can be stored any more. */
  onWarning(message: string): void;
}

/**
 * The decoded pictures of a set of shards at one resolution. The cache never causes a failure:
 * problems are reported, and pictures are decoded instead.
 */
export class DecodedCache {
  #place: DecodedPlace;
  #shards: ShardSet["shards"];
  #formats: readonly DecodedFormat[];
  #own: ReadonlySet<string>;
  #files = new LruCache<number, DecodedShard | undefined>(OPEN_FILES, (file) => file?.close());
  /**
   * Waiting for the folder's lock blocks a thread of the runtime, so only one wait is allowed at a
   * time.
   */
  #inTurn = takeTurns(1);
  #trimmed: Promise<void> | undefined;
  #isOver = false;

  constructor({ shards }: ShardSet, how: DecodeHow, place: DecodedPlace) {
    [this.#shards, this.#place] = [shards, place];
    this.#formats = shards.map((shard) => formatOf(shard, how));
    this.#own = new Set(this.#formats.map(nameOf));
    const wanted = this.#formats.reduce((sum, format) => sum + sizeOf(format), 0);
    if (wanted > place.budget) {
      place.onWarning(
        `Decoded pictures of all shards take ${gibOf(wanted)} at ${how.resolution} px, more than ` +
          `the ${gibOf(place.budget)} of --shard-cache: the rest is decoded each time that it is ` +
          "drawn",
      );
    }
  }

  /** Updates the known state of a shard, whose file other workers fill, too. */
  async refresh(shard: number): Promise<void> {
    await this.#with(shard, (file) => file.refresh());
  }

  /** Whether all of these pictures existed when the shard was last refreshed. */
  async hasAll(shard: number, pictures: Uint32Array): Promise<boolean> {
    const has = (file: DecodedShard) => Promise.resolve(pictures.every((one) => file.has(one)));
    return await this.#with(shard, has) ?? false;
  }

  /** @returns uint8 [resolution, resolution, channels]; undefined if it is not cached */
  get(shard: number, picture: number): Promise<Uint8Array | undefined> {
    return this.#with(shard, (file) => file.read(picture));
  }

  async put(shard: number, picture: number, pixels: Uint8Array): Promise<void> {
    await this.#with(shard, (file) => file.write(picture, pixels));
  }

  close(): void {
    this.#isOver = true;
    this.#files.close();
  }

  async #with<T>(
    shard: number,
    action: (file: DecodedShard) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.#isOver) return undefined;
    try {
      const open = () => this.#inTurn(() => this.#open(shard));
      const file = await this.#files.get(shard, open);
      return file && await action(file);
    } catch (error) {
      if (this.#isOver || error instanceof Deno.errors.BadResource) return undefined; // closed
      if (error instanceof DamagedError) this.#tellDamage();
      else {
        this.#isOver = true;
        this.#files.close();
        this.#place.onWarning(
          `Decoded pictures are no longer cached: expected ${this.#place.folder} to be a folder ` +
            `that can be written and has room, received ${messageOf(error)}`,
        );
      }
      return undefined;
    }
  }

  /** @returns undefined if the budget has no room for it */
  async #open(shard: number): Promise<DecodedShard | undefined> {
    const format = this.#formats[shard]!, { folder } = this.#place; // a valid index
    const path = join(folder, nameOf(format)), own = this.#own;
    await (this.#trimmed ??= this.#trim());
    const found = await DecodedShard.open(path, format).catch((error) => {
      if (!(error instanceof DamagedError)) throw error;
    });
    if (found) return found;
    using _lock = await lockOf(folder);
    try {
      const made = await DecodedShard.open(path, format);
      if (made) return made; // by another process, meanwhile
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.#tellDamage();
      await Deno.remove(path);
    }
    if (!await makeRoom(sizeOf(format), { ...this.#place, own })) return undefined;
    await DecodedShard.create(path, format);
    return await DecodedShard.open(path, format);
  }

  /** Makes the folder fit the budget, which may have been reduced. */
  async #trim(): Promise<void> {
    const { folder } = this.#place;
    await Deno.mkdir(folder, { recursive: true });
    using _lock = await lockOf(folder);
    await makeRoom(0, { ...this.#place, own: this.#own });
  }

  #tellDamage(): void {
    this.#place.onWarning(
      `Decoded pictures in ${this.#place.folder} are damaged: they are decoded again`,
    );
  }
}

/** Only one process at a time makes room and creates files. */
async function lockOf(folder: string): Promise<Deno.FsFile> {
  const file = await Deno.open(join(folder, "lock"), { create: true, write: true });
  await file.lock(true);
  return file; // closing it lets go of the lock
}

function formatOf({ address, revision, summary }: Shard, how: DecodeHow): DecodedFormat {
  const { resolution, smallest, options: { fit, background, channels } } = how;
  const key = digestOf([
    ...[PIXELS_VERSION, sharp.versions, resolution, fit, background, channels, smallest],
    ...[address, revision, summary.size, summary.digest],
  ]);
  return { key, count: summary.count, rowBytes: resolution ** 2 * channels };
}

/** Formats a size for people. */
const gibOf = (bytes: number) => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;

function nameOf({ key }: DecodedFormat): string {
  return key.slice(0, 24) + DECODED;
}
