/** A least-recently-used cache of values that take memory or open files. */

/** Keeps the most recently used values by key, and drops the others. */
export class LruCache<K, T> {
  #most: number;
  #drop: (value: T) => void;
  #values = new Map<K, Promise<T>>();
  #isClosed = false;

  /** @param drop called with each value that is dropped */
  constructor(most: number, drop: (value: T) => void = () => {}) {
    [this.#most, this.#drop] = [most, drop];
  }

  /**
   * The cached value, or the result of `make`.
   * @throws Error after `close()`, when nothing would drop further values
   */
  async get(key: K, make: () => Promise<T>): Promise<T> {
    if (this.#isClosed) {
      throw new Error("Cannot read the data: expected an open data set, received a closed one");
    }
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key); // the most recently used is the last
    this.#values.set(key, value);
    value.catch(() => { // a failure is not cached: another attempt may succeed
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
    this.#values.get(key)?.then(this.#drop, () => {}); // the caller has received the error
    this.#values.delete(key);
  }
}
