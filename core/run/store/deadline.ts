/** A bound on waiting: Deno KV waits without one while another process holds its file locked. */

/** Thrown when a store did not answer in time; whether it will still act is unknown. */
export class StoreTimeoutError extends Error {
  /** "StoreTimeoutError". */
  override name = "StoreTimeoutError";
}

/**
 * Settles as `work` does, or rejects after `milliseconds`.
 * @param action for the message, e.g. "write to the run store at runs/cambium.kv"
 * @throws StoreTimeoutError when the time is over
 */
export async function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  action: string,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new StoreTimeoutError(
          `Cannot ${action}: expected an answer within ${milliseconds} ms, received none. ` +
            `Another process may hold its file locked; it is not known whether the change will ` +
            `be made`,
        ),
      );
    }, milliseconds);
  });
  work.catch(() => {}); // after the deadline nobody else listens
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
