/** Reads pictures of shards by their positions, decoding them or taking them from the cache. */
import type { OpenOptions, SkippedFile } from "../../core/data.ts";
import { DecodedCache, type DecodedPlace } from "./decoded/decoded_cache.ts";
import type { DecodeHow, DecodePool } from "./decode/decode_pool.ts";
import { Epochs, type GroupPlace } from "./order/epochs.ts";
import { type Block, type Window, type WindowLimits, windowsOf } from "./order/windows.ts";
import { LruCache } from "./read/lru_cache.ts";
import { readsAlone } from "./read/read_alone.ts";
import type { ShardSet } from "./shard_set.ts";
import type { ShardSplit } from "./shard_split.ts";

/** Where pictures are read from. */
export interface PicturePlace {
  set: ShardSet;
  split: ShardSplit;
  pool: DecodePool;
  how: Omit<DecodeHow, "resolution">;
  /** Where decoded pictures are cached; undefined: nowhere. */
  decoded?: DecodedPlace | undefined;
  limits?: WindowLimits | undefined;
}

/** A decoded picture and its class. */
export interface Found {
  /** uint8 [resolution, resolution, channels] */
  pixels: Uint8Array;
  shard: number;
  /** Index of its class in its shard. */
  label: number;
  /** Unusable pictures that it replaces. */
  skipped: SkippedFile[];
}

/** The position of a picture that is to be read. */
interface Drawn {
  window: HeldWindow;
  /** Position in the window. */
  place: number;
}

/** A window and the blocks of it that have been read. */
interface HeldWindow extends Window {
  /** The bytes of each block. */
  bytes: (Promise<Uint8Array> | undefined)[];
}

/** Reads pictures by their positions. */
export class PictureReader {
  #place: PicturePlace;
  #how: DecodeHow;
  #decoded: DecodedCache | undefined;
  #isHeldOut: boolean;
  #seed: number | undefined;
  /** Fraction of each batch's rows that this worker draws, 0 to 1. */
  #share: number;
  #epochs: Epochs;
  /** By epoch and group; two are kept, because draws may cross a boundary. */
  #groups = new LruCache<string, HeldWindow[]>(2);
  #current: HeldWindow[] = [];

  constructor(options: OpenOptions, place: PicturePlace) {
    const { resolution, batchSize, seed, shuffle = true, split, rows } = options;
    this.#place = place;
    this.#how = { ...place.how, resolution };
    if (place.decoded) this.#decoded = new DecodedCache(place.set, this.#how, place.decoded);
    this.#isHeldOut = split === "held-out";
    this.#seed = shuffle ? seed : undefined;
    this.#share = rows ? (rows[1] - rows[0]) / batchSize : 1;
    const counts = this.#isHeldOut ? place.split.heldOut : place.split.train;
    this.#epochs = new Epochs(counts, this.#seed);
  }

  async read(positions: readonly number[]): Promise<Found[]> {
    const drawn: Drawn[] = [];
    for (const k of positions) drawn.push(await this.#draw(k));
    const cached = await Promise.all(drawn.map((draw) => this.#cached(draw)));
    const missing = drawn.filter((_, i) => !cached[i]);
    const encoded = await Promise.all(missing.map((draw) => this.#encoded(draw)));
    const results = missing.length === 0
      ? [] // no thread needs to be started
      : await this.#place.pool.decode(encoded, this.#how);
    const decoded = await Promise.all(results.map(async (pixels, i) => {
      const draw = missing[i]!; // one result per picture
      if (typeof pixels === "string") return await this.#replacement(draw, pixels);
      await this.#store(draw, pixels);
      return this.#found(draw, pixels);
    }));
    return drawn.map((draw, i) => {
      const pixels = cached[i];
      return pixels ? this.#found(draw, pixels) : decoded.shift()!; // the missing, in their order
    });
  }

  close(): void {
    this.#groups.close();
    this.#current = [];
    this.#decoded?.close();
  }

  async #draw(k: number): Promise<Drawn> {
    const found = this.#epochs.at(k), { place } = found;
    const key = `${found.epoch}:${found.group}`;
    const windows = await this.#groups.get(key, () => this.#openGroup(found));
    const index = windows.findLastIndex(({ first }) => first <= place), window = windows[index]!;
    this.#hold(window);
    const next = windows[index + 1];
    if (this.#seed !== undefined && next && 2 * (place - window.first) > window.count) {
      this.#readAhead(next);
    }
    return { window, place: place - window.first };
  }

  async #openGroup({ epoch, group, shards }: GroupPlace): Promise<HeldWindow[]> {
    const { set, split, limits } = this.#place;
    const members = await Promise.all(shards.map(async (shard) => {
      const samples = await set.samples(shard);
      await this.#decoded?.refresh(shard);
      return { shard, samples, members: split.members(samples, shard, this.#isHeldOut) };
    }));
    const shuffle = this.#seed === undefined ? undefined : { seed: this.#seed, epoch, group };
    return windowsOf(members, shuffle, limits).map((window) => ({ ...window, bytes: [] }));
  }

  /**
   * Limits the bytes held in memory to two windows: the current one, and the next or the previous
   * one.
   */
  #hold(window: HeldWindow): void {
    if (this.#current.includes(window)) return;
    this.#current.push(window);
    while (this.#current.length > 2) this.#current.shift()!.bytes = []; // there are three
  }

  #readAhead(window: HeldWindow): void {
    if (this.#current.includes(window)) return;
    this.#hold(window);
    for (const [i, block] of window.blocks.entries()) {
      this.#readBlockAhead(window, i, block).catch(() => {}); // reported when the bytes are needed
    }
  }

  async #readBlockAhead(window: HeldWindow, i: number, block: Block): Promise<void> {
    if (this.#readsAlone(block)) return;
    if (await this.#decoded?.hasAll(block.shard, block.pictures)) return;
    await this.#bytesOf(window, i, block);
  }

  #bytesOf(window: HeldWindow, i: number, { shard, offset, length }: Block): Promise<Uint8Array> {
    return window.bytes[i] ??= this.#place.set.read(shard, offset, length);
  }

  #readsAlone({ shard, length, pictures: { length: count } }: Block): boolean {
    const { address } = this.#place.set.shards[shard]!; // a valid index
    return readsAlone({ address, length, count, share: this.#share });
  }

  /** A picture from the cache of decoded ones. */
  async #cached({ window, place }: Drawn): Promise<Uint8Array | undefined> {
    const { block, picture } = where(window, place);
    return await this.#decoded?.get(block.shard, picture);
  }

  async #store({ window, place }: Drawn, pixels: Uint8Array): Promise<void> {
    const { block, picture } = where(window, place);
    await this.#decoded?.put(block.shard, picture, pixels);
  }

  /** The bytes of an encoded picture, read alone or as part of its block. */
  async #encoded({ window, place }: Drawn): Promise<Uint8Array> {
    const { block, samples, picture, number } = where(window, place);
    const offset = samples.offsets[picture]!, size = samples.sizes[picture]!; // a valid index
    if (this.#readsAlone(block)) return await this.#place.set.read(block.shard, offset, size);
    const bytes = await this.#bytesOf(window, number, block), from = offset - block.offset;
    return bytes.subarray(from, from + size);
  }

  #found({ window, place }: Drawn, pixels: Uint8Array, skipped: SkippedFile[] = []): Found {
    const { block, samples, picture } = where(window, place);
    return { pixels, shard: block.shard, label: samples.labels[picture]!, skipped };
  }

  /**
   * Replaces a picture that can't be used by the next usable one of its window.
   * @throws Error if there is none
   */
  async #replacement({ window, place }: Drawn, reason: string): Promise<Found> {
    const skipped = [this.#skippedAt({ window, place }, reason)];
    for (let step = 1; step < window.count; step++) {
      const draw = { window, place: (place + step) % window.count };
      const [pixels] = await this.#place.pool.decode([await this.#encoded(draw)], this.#how);
      if (typeof pixels === "object") return this.#found(draw, pixels, skipped);
      skipped.push(this.#skippedAt(draw, pixels ?? "not read"));
    }
    const { block } = where(window, place), { name } = this.#place.set.shards[block.shard]!;
    throw new Error(
      `Cannot continue with the shards: expected pictures, received none that can be read among ` +
        `${window.count} of ${name} and its neighbours, the first: ${reason}`,
    );
  }

  #skippedAt({ window, place }: Drawn, reason: string): SkippedFile {
    const { block, samples, picture } = where(window, place);
    const { name } = this.#place.set.shards[block.shard]!; // a valid index
    return { path: `${name} at byte ${samples.offsets[picture]}`, reason };
  }
}

/** A picture's block and index in its shard. */
function where(window: Window, place: number) {
  const at = window.at(place), block = window.blocks[at.block]!; // as it says
  return { block, samples: block.samples, picture: block.pictures[at.place]!, number: at.block };
}
