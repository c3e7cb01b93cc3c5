/**
 * Catches errors outside any awaited call, such as a plugin's promise that nobody awaits or a timer
 * that throws: they would end the process in the middle of a step.
 */
import { type LoadedPlugin, PluginError } from "../plugin/mod.ts";
import { messageOf } from "../text.ts";

type FloatingKind = "promise" | "callback";

/**
 * A promise that nobody awaits rejected, or a timer or listener threw, while a run was training or
 * a command was running.
 */
export class FloatingRejectionError extends Error {
  /** "FloatingRejectionError"; its `cause` is what was thrown. */
  override name = "FloatingRejectionError";

  /**
   * @param plugin where the error comes from, if known
   * @param cause what was thrown
   * @param kind whether a promise rejected or a timer or listener threw
   */
  constructor(plugin: string | undefined, cause: unknown, kind: FloatingKind = "promise") {
    const whose = plugin === undefined ? "" : ` of plugin "${plugin}"`, message = messageOf(cause);
    super(
      kind === "promise"
        ? `A promise${whose} that nobody awaits rejected: ${message}. Code that ` +
          `starts a promise must await it, or, in hooks, which are not async, must catch its errors`
        : `A timer or listener${whose} threw: ${message}. It must catch what it throws, since ` +
          `nobody else can`,
      { cause },
    );
  }
}

/** An open watch over such errors. */
export interface RejectionWatch {
  /** The first error; undefined while there is none. */
  readonly error: FloatingRejectionError | undefined;
  /** Waits until the rejections of all promises rejected so far have been reported. */
  settle(): Promise<void>;
  /** Settles, then leaves errors to the process again. */
  close(): Promise<void>;
}

/** Number of open watches. */
let open = 0;

/** Whether a watch is open, which will report stray errors properly. */
export function isWatched(): boolean {
  return open > 0;
}

/**
 * Watches until it is closed.
 * @param plugins the active plugins: one whose module is in the error's stack is named
 * @param onFirst called with the first error, at once
 */
export function watchRejections(
  plugins: readonly LoadedPlugin[],
  onFirst?: (error: FloatingRejectionError) => void,
): RejectionWatch {
  let error: FloatingRejectionError | undefined;
  const keep = (event: Event, cause: unknown, kind: FloatingKind) => {
    event.preventDefault();
    if (error) return;
    error = new FloatingRejectionError(authorOf(cause, plugins), cause, kind);
    onFirst?.(error);
  };
  const rejected = (event: PromiseRejectionEvent) => keep(event, event.reason, "promise");
  const threw = (event: ErrorEvent) => keep(event, event.error, "callback");
  globalThis.addEventListener("unhandledrejection", rejected);
  globalThis.addEventListener("error", threw);
  open++;
  // unhandled rejections are reported after all microtasks
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  return {
    get error() {
      return error;
    },
    settle,
    async close() {
      await settle();
      globalThis.removeEventListener("unhandledrejection", rejected);
      globalThis.removeEventListener("error", threw);
      open--;
    },
  };
}

/** The plugin that an error comes from, if its module is in the stack. */
function authorOf(reason: unknown, plugins: readonly LoadedPlugin[]): string | undefined {
  if (reason instanceof PluginError) return reason.place.plugin;
  const stack = reason instanceof Error ? reason.stack ?? "" : "";
  return plugins.find(({ specifier }) => {
    const isAddress = /^\w+:/.test(specifier); // the specifier of a built-in plugin is its name
    return stack.includes(isAddress ? specifier : `/plugins/${specifier.replaceAll("-", "_")}/`);
  })?.plugin.name;
}
