/** Waiting for work that runs at once. */

/**
 * Waits until all have ended, also where one fails: where pictures are decoded outside of
 * JavaScript, the process must not end, nor a test, while some still are.
 * @returns what they came to, in their order
 * @throws what the first of them in this order failed by
 */
export async function settleAll<T>(work: Iterable<T | Promise<T>>): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
