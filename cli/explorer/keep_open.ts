/** A cache of opened resources with reference counts. */

/** Calls `use` with the cached value of a key, or with what `open` returns. */
export type KeepOpen<T> = <R>(
  key: string,
  open: () => Promise<T>,
  use: (value: T) => Promise<R>,
) => Promise<R>;

/**
 * Keeps up to `most` values open. Beyond that, the least recently used value that is not in use is
 * disposed of.
 */
export function keepOpen<T extends Disposable>(most: number): KeepOpen<T> {
  const opened = new Map<string, { value: Promise<T>; users: number }>();

  function disposeOldest(): void {
    for (const [key, { value, users }] of opened) {
      if (opened.size <= most) return;
      if (users > 0) continue;
      opened.delete(key);
      value.then((one) => one[Symbol.dispose](), () => {}); // whoever opened it has seen the error
    }
  }

  return async (key, open, use) => {
    const mine = opened.get(key) ?? { value: open(), users: 0 };
    opened.delete(key); // moves it to the end, as the most recently used
    opened.set(key, mine);
    mine.users++;
    disposeOldest();
    try {
      return await use(
        await mine.value.catch((error) => {
          if (opened.get(key) === mine) opened.delete(key); // a later attempt may succeed
          throw error;
        }),
      );
    } finally {
      mine.users--;
      disposeOldest();
    }
  };
}
