/** Returns a function that yields to timers and I/O if 10 ms have passed since it last did. */
export function pauser(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 10) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
