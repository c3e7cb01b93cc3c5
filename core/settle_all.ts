/**
 * Waits until all concurrent work has ended, even where some of it fails: neither the process nor a
 * test may end while pictures are still being decoded in native code.
 * @returns the results, in order
 * @throws the first error, in this order
 */
export async function settleAll<T>(work: Iterable<T | Promise<T>>): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
