/**
 * What a plugin started and nobody awaits: a promise that rejects, or a timer that throws, would
 * end the process in the middle of a step.
 */
import { type LoadedPlugin, PluginError } from "../plugin/mod.ts";
import { messageOf } from "../text.ts";

/** What went wrong outside of every call that is awaited. */
type FloatingKind = "promise" | "callback";

/**
 * A promise that nobody awaits rejected, or a timer or listener threw, while a run trained or a
 * command ran.
 */
export class FloatingRejectionError extends Error {
  /** "FloatingRejectionError"; its `cause` is what was thrown. */
  override name = "FloatingRejectionError";

  /**
   * @param plugin whose code it comes from, where that is known
   * @param cause what was thrown
   * @param kind of what threw it
   */
  constructor(plugin: string | undefined, cause: unknown, kind: FloatingKind = "promise") {
    const whose = plugin === undefined ? "" : ` of plugin "${plugin}"`, message = messageOf(cause);
    super(
      kind === "promise"
        ? `A promise${whose} that nobody awaits rejected: ${message}. Who starts a promise ` +
          `must await it, or, as in ` +
          `hooks, which are not async, must catch what it rejects with`
        : `A timer or listener${whose} threw: ${message}. It must catch what it throws, since ` +
          `nobody else can`,
      { cause },
    );
  }
}

/** Catches what would end the process. */
export interface RejectionWatch {
  /** The first one; undefined while there is none. */
  readonly error: FloatingRejectionError | undefined;
  /** Waits until promises that have rejected by now are told of. */
  settle(): Promise<void>;
  /** Settles, and leaves rejections to the process again. */
  close(): Promise<void>;
}

/** Watches that are open now. */
let open = 0;

/** Whether someone watches: what is thrown astray is then told in order. */
export function isWatched(): boolean {
  return open > 0;
}

/**
 * Watches until it is closed.
 * @param plugins whose code may be at work: one whose module is in the error's stack is named
 * @param onFirst told of the first error, at once
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
  // they are told of after microtasks
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

/** The plugin that an error comes from, where its module is in the stack. */
function authorOf(reason: unknown, plugins: readonly LoadedPlugin[]): string | undefined {
  if (reason instanceof PluginError) return reason.place.plugin;
  const stack = reason instanceof Error ? reason.stack ?? "" : "";
  return plugins.find(({ specifier }) => {
    const isAddress = /^\w+:/.test(specifier); // a shipped one's is its name
    return stack.includes(isAddress ? specifier : `/plugins/${specifier.replaceAll("-", "_")}/`);
  })?.plugin.name;
}
