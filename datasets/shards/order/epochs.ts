/** Which shards come when: a pure function of (seed, position). */
import { permutation, seedFor } from "../../../core/random.ts";

/** Shards whose blocks are mixed: so many at least, and more where they hold few pictures. */
const GROUP_SHARDS = 8, GROUP_PICTURES = 20_000;

/** Where a position lies. */
export interface GroupPlace {
  epoch: number;
  /** Of the epoch. */
  group: number;
  /** Shards, in the group's order. */
  shards: number[];
  /** From the group's first picture on. */
  place: number;
}

/** Walks all shards once an epoch, some at a time, in an order of the epoch's own. */
export class Epochs {
  /** Pictures of an epoch. */
  readonly count: number;
  #counts: readonly number[];
  #seed: number | undefined;
  #epochs = new Map<number, { shards: number[]; first: number }[]>();

  /**
   * @param counts pictures of each shard; of no account where 0
   * @param seed undefined: in the shards' own order
   */
  constructor(counts: readonly number[], seed: number | undefined) {
    this.#counts = counts;
    this.#seed = seed;
    this.count = this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** @param k counts all pictures from the first epoch's first on */
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
