/**
 * Handles Ctrl-C, a closed terminal, and the warning signals of schedulers: writes a checkpoint,
 * then ends.
 */
import { EXIT } from "../errors.ts";
import { exitNow } from "./exit_now.ts";

/** Turns operating system signals into one AbortSignal. */
export interface StopSignals {
  readonly signal: AbortSignal;
  stop(reason: string): void;
  /**
   * Stops listening. After a signal it keeps listening until the process ends, because of its echo.
   */
  dispose(): void;
}

/** A signal that ends training. */
interface KnownSignal {
  name: string;
  /**
   * Whether it ends the process at once if it follows another signal: always, only after a signal
   * that people send, or never.
   */
  again: "always" | "after people" | "never";
}

/**
 * As a warning before a job's time limit, Slurm sends the signal that `--signal` names, and Grid
 * Engine sends SIGUSR1 and SIGUSR2 (`-notify`) and SIGXCPU (`s_cpu`). SIGTERM follows at the limit,
 * and SIGKILL some time later.
 */
const SIGNALS: Partial<Record<Deno.Signal, KnownSignal>> = {
  SIGINT: { name: "Ctrl-C", again: "always" },
  SIGHUP: { name: "the terminal closed", again: "never" }, // shell and system each send one
  ...(Deno.build.os === "windows" ? {} : {
    SIGTERM: { name: "SIGTERM", again: "after people" },
    SIGUSR1: { name: "SIGUSR1", again: "never" },
    SIGUSR2: { name: "SIGUSR2", again: "never" },
    SIGXCPU: { name: "SIGXCPU", again: "never" },
  }),
};

/** Only schedulers send these, so a signal that follows is part of the same request. */
const WARNINGS: readonly string[] = ["SIGUSR1", "SIGUSR2", "SIGXCPU"];

/**
 * A single Ctrl-C arrives more than once: the terminal sends it to every process in the foreground,
 * and `deno task` and npx each forward theirs. Repeats within this time after the first count as
 * the same one.
 */
const ECHO_MILLISECONDS = 1000;

/** Number of active listeners. */
let listening = 0;

/** Whether signals are currently handled by a checkpoint and an orderly end. */
export function answersSignals(): boolean {
  return listening > 0;
}

/**
 * Starts listening.
 * @param onFirst called at the first signal with its name, and whether a repeat ends the process at
 * once with exit code 130
 */
export function stopSignals(onFirst: (name: string, endsAtOnce: boolean) => void): StopSignals {
  const controller = new AbortController();
  const stop = (reason: string) => controller.abort(new Error(reason));
  let first = { signal: "", at: 0 };
  const listeners = Object.entries(SIGNALS).map(([signal, { name, again }]) => {
    const listener = () => {
      if (controller.signal.aborted) {
        if (again === "never") return;
        if (again === "after people" && WARNINGS.includes(first.signal)) return;
        if (signal === first.signal && performance.now() - first.at < ECHO_MILLISECONDS) return;
        exitNow(EXIT.interrupted);
      }
      first = { signal, at: performance.now() };
      try {
        onFirst(name, again !== "never");
      } catch {
        // A closed terminal cannot show the message; the checkpoint is written anyway.
      }
      stop(name);
    };
    const known = signal as Deno.Signal; // a key of SIGNALS
    Deno.addSignalListener(known, listener);
    return () => Deno.removeSignalListener(known, listener);
  });
  listening++;
  return {
    signal: controller.signal,
    stop,
    dispose() {
      // Listeners are kept: an echo that arrives now would otherwise kill a process that has almost
      // ended properly.
      if (first.signal !== "") return;
      listeners.forEach((remove) => remove());
      listening--;
    },
  };
}
