/**
 * Ctrl-C, the end of a terminal, and the warnings of schedulers: first a checkpoint, then the end.
 */
import { EXIT } from "../errors.ts";
import { exitNow } from "./exit_now.ts";

/** Turns signals of the system into one AbortSignal. */
export interface StopSignals {
  readonly signal: AbortSignal;
  stop(reason: string): void;
  /**
   * Listens no more; after a signal only its echo is still listened for, until the process ends.
   */
  dispose(): void;
}

/** A signal that ends training. */
interface KnownSignal {
  name: string;
  /**
   * Whether it ends the process at once after another: after any, after one that people send, or
   * never.
   */
  again: "always" | "after people" | "never";
}

/**
 * Slurm sends what `--signal` names, Grid Engine SIGUSR1 and SIGUSR2 (`-notify`) and SIGXCPU
 * (`s_cpu`), as a warning; SIGTERM follows at the limit, and some time later SIGKILL.
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

/** Only schedulers send these: what follows them is the same wish. */
const WARNINGS: readonly string[] = ["SIGUSR1", "SIGUSR2", "SIGXCPU"];

/**
 * One Ctrl-C arrives more than once: the terminal sends it to every process in the foreground, and
 * `deno task` and npx each pass theirs on. What comes as soon as this after the first is the same
 * one.
 */
const ECHO_MILLISECONDS = 1000;

/** How many listen now. */
let listening = 0;

/** Whether a signal is answered by a checkpoint and an orderly end. */
export function answersSignals(): boolean {
  return listening > 0;
}

/**
 * Listens from now on.
 * @param onFirst told of the first signal, and whether it ends the process at once, with exit code
 * 130, when it comes again
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
        // A closed terminal can't be told; the checkpoint is written all the same.
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
      // An echo that comes now would otherwise be the system's to answer: by killing a process that
      // has all but ended well.
      if (first.signal !== "") return;
      listeners.forEach((remove) => remove());
      listening--;
    },
  };
}
