/** Ctrl-C and its like: first a checkpoint, then the end. */
import { EXIT } from "../errors.ts";
import { exitNow } from "./exit_now.ts";

/** Turns signals of the system into one AbortSignal. */
export interface StopSignals {
  readonly signal: AbortSignal;
  stop(reason: string): void;
  /** Listens no more; after a signal only its echo is still listened for, until the process ends. */
  dispose(): void;
}

const NAMES = { SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "the terminal closed" } as const;

/**
 * One Ctrl-C arrives more than once: the terminal sends it to every process in the foreground, and `deno task` and npx each
 * pass theirs on. What comes as soon as this after the first is the same one.
 */
const ECHO_MILLISECONDS = 1000;

/**
 * Listens from now on.
 * @param onFirst told of the first signal; a second ends the process with exit code 130, unless it is SIGHUP
 */
export function stopSignals(onFirst: (name: string) => void): StopSignals {
  const controller = new AbortController();
  const stop = (reason: string) => controller.abort(new Error(reason));
  let first = { signal: "", at: 0 };
  const listeners = Object.entries(NAMES).map(([signal, name]) => {
    const listener = () => {
      if (controller.signal.aborted) {
        if (signal === "SIGHUP") return; // shell and system each send one when a terminal is closed
        if (signal === first.signal && performance.now() - first.at < ECHO_MILLISECONDS) return;
        exitNow(EXIT.interrupted);
      }
      first = { signal, at: performance.now() };
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
    dispose() {
      // An echo that comes now would otherwise be the system's to answer: by killing a process that has all but ended well.
      if (first.signal === "") listeners.forEach((remove) => remove());
    },
  };
}
