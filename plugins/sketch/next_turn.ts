/**
 * Gives the event loop a turn, which tensor code doesn't: Ctrl-C is heard in it.
 * @throws the signal's reason where it is aborted
 */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}
