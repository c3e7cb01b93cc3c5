/** Ctrl-C and its like: first a checkpoint, then the end. */
import { EXIT } from "./errors.ts";

/** Turns signals of the system into one AbortSignal. */
export interface StopSignals {
  readonly signal: AbortSignal;
  stop(reason: string): void;
  dispose(): void;
}

const NAMES = { SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "the terminal closed" } as const;

/**
 * Listens from now on.
 * @param onFirst told of the first signal; a second ends the process with exit code 130, unless it is SIGHUP
 */
export function stopSignals(onFirst: (name: string) => void): StopSignals {
  const controller = new AbortController();
  const stop = (reason: string) => controller.abort(new Error(reason));
  const listeners = Object.entries(NAMES).map(([signal, name]) => {
    const listener = () => {
      if (controller.signal.aborted) {
        if (signal === "SIGHUP") return; // shell and system each send one when a terminal is closed
        Deno.exit(EXIT.interrupted);
      }
      try {
        onFirst(name);
      } catch {
        // A closed terminal can't be told; the checkpoint is written all the same.
      }
      stop(name);
    };
    const known = signal as Deno.Signal; // a key of NAMES
    Deno.addSignalListener(known, listener);
    return () => Deno.removeSignalListener(known, listener);
  });
  return {
    signal: controller.signal,
    stop,
    dispose: () => listeners.forEach((remove) => remove()),
  };
}
