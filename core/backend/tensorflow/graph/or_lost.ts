/** Stops waiting for the other workers when one of them is lost. */

/** Time in ms, after a failure inside TensorFlow, for the watch to report which worker was lost. */
const GRACE_MS = 3000;

/**
 * Rejects when a worker is lost: TensorFlow waits forever for a frozen worker, and doesn't know the
 * name of one that has gone.
 * @param lost aborted with the error to throw
 */
export async function orLost<T>(job: Promise<T>, lost: AbortSignal | undefined): Promise<T> {
  if (!lost) return await job;
  const gone = Promise.withResolvers<never>();
  const onLost = () => gone.reject(lost.reason);
  lost.addEventListener("abort", onLost);
  if (lost.aborted) onLost();
  try {
    return await Promise.race([job, gone.promise]);
  } catch (error) {
    if (lost.aborted) throw lost.reason;
    const grace = Promise.withResolvers<void>(), timer = setTimeout(grace.resolve, GRACE_MS);
    await Promise.race([grace.promise, gone.promise]).finally(() => clearTimeout(timer));
    throw error;
  } finally {
    lost.removeEventListener("abort", onLost);
  }
}
