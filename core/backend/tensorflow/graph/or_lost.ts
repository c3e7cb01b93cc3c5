/** A wait for other workers that ends when one is lost. */

/** After a failure inside TensorFlow, the watch is given this long to say which worker it was, ms. */
const PATIENCE = 3000;

/**
 * TensorFlow waits for a frozen worker forever, and of one that is gone it knows no name.
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
    const patience = Promise.withResolvers<void>(), timer = setTimeout(patience.resolve, PATIENCE);
    await Promise.race([patience.promise, gone.promise]).finally(() => clearTimeout(timer));
    throw error;
  } finally {
    lost.removeEventListener("abort", onLost);
  }
}
