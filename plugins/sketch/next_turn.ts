/**
 * Yields to the event loop, which synchronous tensor code blocks, so that Ctrl-C is handled.
 * @throws the signal's reason where it is aborted
 */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}
