/** Batches out of shards: sample k of a seed is the same whatever was read before. */
import type { BatchLoader, HostBatch, OpenOptions, SkippedFile } from "../../core/data.ts";
import { prefetch } from "../loader/prefetch.ts";
import { isFlipped } from "../loader/sample_order.ts";
import { toFloat } from "../loader/to_float.ts";
import type { DecodeHow, DecodePool } from "./decode/decode_pool.ts";
import { Epochs, type GroupPlace } from "./order/epochs.ts";
import { type Block, type Window, type WindowLimits, windowsOf } from "./order/windows.ts";
import { Kept } from "./read/kept.ts";
import type { ShardSet } from "./shard_set.ts";
import type { ShardSplit } from "./shard_split.ts";

/** What a loader reads from. */
export interface ShardLoaderPlace {
  set: ShardSet;
  split: ShardSplit;
  pool: DecodePool;
  how: Omit<DecodeHow, "resolution">;
  /** Of a picture's class in its shard, its number among all; undefined: no labels. */
  classOf: ((shard: number, label: number) => number) | undefined;
  /** Told of each picture that can't be used, in the order of the batches that are taken. */
  onSkipped(file: SkippedFile): void;
  limits?: WindowLimits | undefined;
}

/** Batches that are made ahead: decoding takes longer than reading pixels does. */
const DEPTH = 4;

/** Starts at a cursor; nothing before it is read. */
export function shardLoader(options: OpenOptions, place: ShardLoaderPlace): BatchLoader {
  const { resolution, batchSize, cursor, seed, flip = false, shuffle = true } = options;
  const { how: { options: { channels } }, classOf, onSkipped } = place;
  const [from, to] = options.rows ?? [0, batchSize];
  const size = resolution * resolution * channels;
  const pictures = new PictureReader(options, place);
  const passedOver = new WeakMap<HostBatch, SkippedFile[]>();

  const make = async (batch: number): Promise<HostBatch> => {
    const first = cursor + batch * batchSize + from;
    const found = await pictures.read(Array.from({ length: to - from }, (_, i) => first + i));
    const data = new Float32Array(batchSize * size);
    for (const [i, { pixels }] of found.entries()) {
      const isMirrored = flip && isFlipped(seed, first + i);
      toFloat(pixels, data, (from + i) * size, { resolution, channels, flip: isMirrored });
    }
    const made: HostBatch = {
      images: { data, shape: [batchSize, resolution, resolution, channels] },
    };
    if (classOf) {
      const classes = new Int32Array(batchSize);
      classes.set(found.map(({ shard, label }) => classOf(shard, label)), from);
      made.labels = { data: classes, shape: [batchSize] };
    }
    passedOver.set(made, found.flatMap(({ skipped }) => skipped));
    return made;
  };
  return prefetch(make, () => pictures.close(), shuffle ? DEPTH : 2, (batch) => {
    for (const file of passedOver.get(batch) ?? []) onSkipped(file);
  });
}

/** A decoded picture with its class. */
interface Found {
  pixels: Uint8Array;
  shard: number;
  /** Its class's number in its shard. */
  label: number;
  /** What it stands in for. */
  skipped: SkippedFile[];
}

/** A picture's place, before it is read. */
interface Drawn {
  window: HeldWindow;
  /** In the window. */
  place: number;
}

/** A window and those of its bytes that were read. */
interface HeldWindow extends Window {
  /** Of each block. */
  bytes: (Promise<Uint8Array> | undefined)[];
}

/** Reads pictures by their positions. */
class PictureReader {
  #place: ShardLoaderPlace;
  #how: DecodeHow;
  #isHeldOut: boolean;
  #seed: number | undefined;
  #epochs: Epochs;
  /** By epoch and group; two lie side by side. */
  #groups = new Kept<string, HeldWindow[]>(2);
  #current: HeldWindow[] = [];

  constructor({ resolution, seed, shuffle = true, split }: OpenOptions, place: ShardLoaderPlace) {
    this.#place = place;
    this.#how = { ...place.how, resolution };
    this.#isHeldOut = split === "held-out";
    this.#seed = shuffle ? seed : undefined;
    const counts = this.#isHeldOut ? place.split.heldOut : place.split.train;
    this.#epochs = new Epochs(counts, this.#seed);
  }

  async read(positions: readonly number[]): Promise<Found[]> {
    const drawn: Drawn[] = [];
    for (const k of positions) drawn.push(await this.#draw(k));
    const encoded = await Promise.all(drawn.map((draw) => this.#encoded(draw)));
    const results = await this.#place.pool.decode(encoded, this.#how);
    return await Promise.all(results.map(async (pixels, i) => {
      const draw = drawn[i]!; // one a picture
      return typeof pixels === "string"
        ? await this.#instead(draw, pixels)
        : { pixels, ...this.#labelOf(draw), skipped: [] };
    }));
  }

  close(): void {
    this.#groups.close();
    this.#current = [];
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
      return { shard, samples, members: split.members(samples, shard, this.#isHeldOut) };
    }));
    const shuffle = this.#seed === undefined ? undefined : { seed: this.#seed, epoch, group };
    return windowsOf(members, shuffle, limits).map((window) => ({ ...window, bytes: [] }));
  }

  /** Bytes of two windows are held: the one that is read, and the next or the one before. */
  #hold(window: HeldWindow): void {
    if (this.#current.includes(window)) return;
    this.#current.push(window);
    while (this.#current.length > 2) this.#current.shift()!.bytes = []; // there are three
  }

  #readAhead(window: HeldWindow): void {
    if (this.#current.includes(window)) return;
    this.#hold(window);
    for (const [i, block] of window.blocks.entries()) {
      this.#bytesOf(window, i, block).catch(() => {}); // told where they are needed
    }
  }

  #bytesOf(window: HeldWindow, i: number, { shard, offset, length }: Block): Promise<Uint8Array> {
    return window.bytes[i] ??= this.#place.set.read(shard, offset, length);
  }

  /** An encoded picture's bytes, inside its block's. */
  async #encoded({ window, place }: Drawn): Promise<Uint8Array> {
    const { block, samples, picture, number } = where(window, place);
    const bytes = await this.#bytesOf(window, number, block);
    const from = samples.offsets[picture]! - block.offset; // its own number
    return bytes.subarray(from, from + samples.sizes[picture]!);
  }

  #labelOf({ window, place }: Drawn): Pick<Found, "shard" | "label"> {
    const { block, samples, picture } = where(window, place);
    return { shard: block.shard, label: samples.labels[picture]! };
  }

  /**
   * For a picture that can't be used the next one of its window that can.
   * @throws Error where there is none
   */
  async #instead({ window, place }: Drawn, reason: string): Promise<Found> {
    const skipped = [this.#skippedAt({ window, place }, reason)];
    for (let step = 1; step < window.count; step++) {
      const draw = { window, place: (place + step) % window.count };
      const [pixels] = await this.#place.pool.decode([await this.#encoded(draw)], this.#how);
      if (typeof pixels === "object") return { pixels, ...this.#labelOf(draw), skipped };
      skipped.push(this.#skippedAt(draw, pixels ?? "not read"));
    }
    const { block } = where(window, place), { name } = this.#place.set.shards[block.shard]!;
    throw new Error(
      `Cannot go on with the shards: expected pictures, received none that can be read among ` +
        `${window.count} of ${name} and its neighbours, the first: ${reason}`,
    );
  }

  #skippedAt({ window, place }: Drawn, reason: string): SkippedFile {
    const { block, samples, picture } = where(window, place);
    const { name } = this.#place.set.shards[block.shard]!; // its own number
    return { path: `${name} at byte ${samples.offsets[picture]}`, reason };
  }
}

/** A picture's block and number in its shard. */
function where(window: Window, place: number) {
  const at = window.at(place), block = window.blocks[at.block]!; // as it says
  return { block, samples: block.samples, picture: block.pictures[at.place]!, number: at.block };
}
