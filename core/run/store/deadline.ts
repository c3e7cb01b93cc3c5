/**
 * A time limit for the run store: Deno KV waits indefinitely while another process holds its file
 * locked.
 */

/** A store did not answer in time; whether it will still make the change is unknown. */
export class StoreTimeoutError extends Error {
  /** "StoreTimeoutError". */
  override name = "StoreTimeoutError";
}

/**
 * Settles as `work` does, or rejects after `milliseconds`.
 * @param action action for the error, e.g. "write to the run store at runs/cambium.kv"
 * @throws StoreTimeoutError when the time is up
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
  work.catch(() => {}); // after the deadline nobody handles its rejection
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
