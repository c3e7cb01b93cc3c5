/** Promises that a plugin started and nobody awaits: one that rejects would end the process in the middle of a step. */
import { type LoadedPlugin, PluginError } from "../plugin/mod.ts";
import { messageOf } from "../text.ts";

/** A promise that nobody awaits rejected while a run trained. */
export class FloatingRejectionError extends Error {
  /** "FloatingRejectionError"; its `cause` is what the promise rejected with. */
  override name = "FloatingRejectionError";

  /** @param plugin whose code it comes from, where that is known */
  constructor(plugin: string | undefined, cause: unknown) {
    const whose = plugin === undefined
      ? "A promise that nobody awaits"
      : `A promise of plugin "${plugin}" that nobody awaits`;
    super(
      `${whose} rejected: ${
        messageOf(cause)
      }. Hooks are not async: a hook that starts a promise must catch what it ` +
        `rejects with`,
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

/**
 * Watches until it is closed.
 * @param plugins of the run: one whose module is in the error's stack is named
 */
export function watchRejections(plugins: readonly LoadedPlugin[]): RejectionWatch {
  let error: FloatingRejectionError | undefined;
  const listener = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    error ??= new FloatingRejectionError(authorOf(event.reason, plugins), event.reason);
  };
  globalThis.addEventListener("unhandledrejection", listener);
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0)); // they are told of after microtasks
  return {
    get error() {
      return error;
    },
    settle,
    async close() {
      await settle();
      globalThis.removeEventListener("unhandledrejection", listener);
    },
  };
}

/** The plugin that an error comes from; a shipped one's specifier is no URL, so that it can't be told. */
function authorOf(reason: unknown, plugins: readonly LoadedPlugin[]): string | undefined {
  if (reason instanceof PluginError) return reason.place.plugin;
  const stack = reason instanceof Error ? reason.stack ?? "" : "";
  return plugins.find(({ specifier }) => /^\w+:/.test(specifier) && stack.includes(specifier))
    ?.plugin
    .name;
}
