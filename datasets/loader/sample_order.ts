/** Determines which sample is drawn k-th, as a pure function of (seed, k). */
import { permutation, Random, seedFor } from "../../core/random.ts";

/** The k-th draw from `count` samples without replacement, epoch after epoch. */
export class SampleOrder {
  readonly count: number;
  #seed: number;
  #shuffle: boolean;
  #epochs = new Map<number, Uint32Array>();

  constructor(count: number, seed: number, shuffle: boolean) {
    [this.count, this.#seed, this.#shuffle] = [count, seed, shuffle];
  }

  /** @returns 0 … count - 1 */
  at(k: number): number {
    if (!this.#shuffle) return k % this.count;
    const epoch = Math.floor(k / this.count);
    let order = this.#epochs.get(epoch);
    if (!order) {
      order = permutation(this.count, seedFor(this.#seed, "order", epoch));
      if (this.#epochs.size > 1) this.#epochs.delete(Math.min(...this.#epochs.keys()));
      this.#epochs.set(epoch, order);
    }
    return order[k % this.count]!; // a permutation of count numbers
  }

  /** See {@linkcode isFlipped}. */
  isFlipped(k: number): boolean {
    return isFlipped(this.#seed, k);
  }
}

/** Whether the k-th draw of a seed is mirrored, with probability ½. */
export function isFlipped(seed: number, k: number): boolean {
  return new Random(seedFor(seed, "flip", k)).uniform() < 0.5;
}
