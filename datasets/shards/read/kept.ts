/** Things that take memory or files, the few that were used last. */

/** Keeps what was asked for by a key, and lets go of what was not asked for longest. */
export class Kept<K, T> {
  #most: number;
  #drop: (value: T) => void;
  #values = new Map<K, Promise<T>>();
  #isClosed = false;

  /** @param drop called with each value that is let go of */
  constructor(most: number, drop: (value: T) => void = () => {}) {
    [this.#most, this.#drop] = [most, drop];
  }

  /**
   * What is kept, or what `make` gives.
   * @throws Error once it is closed: nobody would let go of more
   */
  async get(key: K, make: () => Promise<T>): Promise<T> {
    if (this.#isClosed) {
      throw new Error("Cannot read the data: expected an open data set, received a closed one");
    }
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key); // the youngest is the last
    this.#values.set(key, value);
    value.catch(() => { // another time may do
      if (this.#values.get(key) === value) this.#values.delete(key);
    });
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#forget(oldest);
    }
    return await value;
  }

  close(): void {
    this.#isClosed = true;
    for (const key of [...this.#values.keys()]) this.#forget(key);
  }

  #forget(key: K): void {
    this.#values.get(key)?.then(this.#drop, () => {}); // who asked was told
    this.#values.delete(key);
  }
}
