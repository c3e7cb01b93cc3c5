/** Determines the order of shards, as a pure function of (seed, position). */
import { permutation, seedFor } from "../../../core/random.ts";

/**
 * A group, whose blocks are mixed, has at least this many shards, and more if they contain few
 * pictures.
 */
const GROUP_SHARDS = 8, GROUP_PICTURES = 20_000;

/** A position within a group. */
export interface GroupPlace {
  epoch: number;
  /** Index of the group in the epoch. */
  group: number;
  /** Shards, in the group's order. */
  shards: number[];
  /** Position within the group. */
  place: number;
}

/** Visits all shards once per epoch, in groups, in an order that changes with each epoch. */
export class Epochs {
  /** Number of pictures in an epoch. */
  readonly count: number;
  #counts: readonly number[];
  #seed: number | undefined;
  #epochs = new Map<number, { shards: number[]; first: number }[]>();

  /**
   * @param counts pictures of each shard; shards with 0 are ignored
   * @param seed undefined: in the shards' own order
   */
  constructor(counts: readonly number[], seed: number | undefined) {
    this.#counts = counts;
    this.#seed = seed;
    this.count = this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** @param k the position counted from the first epoch's first picture */
  at(k: number): GroupPlace {
    const epoch = Math.floor(k / this.count), place = k % this.count;
    const groups = this.#groupsOf(epoch);
    let group = 0;
    while (group + 1 < groups.length && groups[group + 1]!.first <= place) group++;
    const { shards, first } = groups[group]!; // there is one, or count is 0
    return { epoch, group, shards, place: place - first };
  }

  #groupsOf(epoch: number): { shards: number[]; first: number }[] {
    const known = this.#epochs.get(epoch);
    if (known) return known;
    const used = this.#counts.flatMap((count, i) => count > 0 ? [i] : []);
    const order = this.#seed === undefined
      ? used
      : Array.from(permutation(used.length, seedFor(this.#seed, "shards", epoch)), (i) => used[i]!);
    const groups: { shards: number[]; first: number }[] = [];
    let first = 0, count = 0, shards: number[] = [];
    for (const shard of order) {
      if (shards.length === 0) groups.push({ shards, first });
      shards.push(shard);
      count += this.#counts[shard]!; // one of them
      if (shards.length < GROUP_SHARDS || count < GROUP_PICTURES) continue;
      first += count;
      [shards, count] = [[], 0];
    }
    if (this.#epochs.size > 1) this.#epochs.delete(Math.min(...this.#epochs.keys()));
    this.#epochs.set(epoch, groups);
    return groups;
  }
}
