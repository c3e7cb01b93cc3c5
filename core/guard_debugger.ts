/**
 * Schedulers warn a job by SIGUSR1; Deno takes it as the wish to debug, and lets every user of the
 * machine run code in the process by a port. A listener of one's own doesn't prevent that, so that
 * the port is closed as soon as it opens.
 */
const OPENS_WITHIN = 2000; // milliseconds

/** Whether SIGUSR1 exists here. */
const HAS_SIGNAL = Deno.build.os !== "windows";

/**
 * Keeps the debugger closed from now on, unless the process was started with one.
 * @param onSignal called at each SIGUSR1, once the debugger is closed
 */
export async function guardDebugger(onSignal: () => void): Promise<void> {
  const { default: inspector } = await import("node:inspector");
  if (!HAS_SIGNAL || inspector.url() !== undefined) return;
  Deno.addSignalListener("SIGUSR1", async () => {
    // another process may hold its port: it then never opens
    const end = performance.now() + OPENS_WITHIN;
    while (inspector.url() === undefined && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (inspector.url() !== undefined) inspector.close();
    onSignal();
  });
}
