/**
 * Job schedulers send SIGUSR1 as a warning, but Deno opens its debugger on it, at a port through
 * which any user of the machine can run code in the process. A signal listener doesn't prevent
 * that, so the port is closed as soon as it opens. This is how long to wait for it.
 */
const OPENS_WITHIN = 2000; // milliseconds

/** Whether SIGUSR1 exists here. */
const HAS_SIGNAL = Deno.build.os !== "windows";

/**
 * Keeps the debugger closed from now on, unless the process was started with it.
 * @param onSignal called at each SIGUSR1, once the debugger is closed
 */
export async function guardDebugger(onSignal: () => void): Promise<void> {
  const { default: inspector } = await import("node:inspector");
  if (!HAS_SIGNAL || inspector.url() !== undefined) return;
  Deno.addSignalListener("SIGUSR1", async () => {
    // if another process holds its port, it never opens
    const end = performance.now() + OPENS_WITHIN;
    while (inspector.url() === undefined && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (inspector.url() !== undefined) inspector.close();
    onSignal();
  });
}
