/** What was opened stays open for whoever asks next. */

/** Runs `use` with what is open by a key, or with what `open` gives. */
export type KeepOpen<T> = <R>(
  key: string,
  open: () => Promise<T>,
  use: (value: T) => Promise<R>,
) => Promise<R>;

/**
 * Keeps so many open; of those that nobody uses, the one that was used longest ago is disposed of
 * for a new one.
 */
export function keepOpen<T extends Disposable>(most: number): KeepOpen<T> {
  const opened = new Map<string, { value: Promise<T>; users: number }>();

  function disposeOldest(): void {
    for (const [key, { value, users }] of opened) {
      if (opened.size <= most) return;
      if (users > 0) continue;
      opened.delete(key);
      value.then((one) => one[Symbol.dispose](), () => {}); // who asked for it was told
    }
  }

  return async (key, open, use) => {
    const mine = opened.get(key) ?? { value: open(), users: 0 };
    opened.delete(key); // to the end of the order of use
    opened.set(key, mine);
    mine.users++;
    disposeOldest();
    try {
      return await use(
        await mine.value.catch((error) => {
          if (opened.get(key) === mine) opened.delete(key); // another time may do
          throw error;
        }),
      );
    } finally {
      mine.users--;
      disposeOldest();
    }
  };
}
