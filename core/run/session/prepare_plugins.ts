/** Lets plugins download what their hooks will read, before anything is built. */
import { ConfigError } from "../../config/mod.ts";
import { inOrder, type RunPlugins } from "../../plugin/mod.ts";
import { messageOf } from "../../text.ts";
import type { Notices } from "../notices.ts";
import type { RunSpec } from "../spec/run_spec.ts";

/**
 * Calls each plugin's `prepare`, the model's first.
 * @throws ConfigError thrown by a plugin about its options; Error naming the plugin for anything
 * else
 */
export async function preparePlugins(
  spec: Pick<RunSpec, "run" | "options">,
  loaded: RunPlugins,
  notices: Notices,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const { plugin } of inOrder(loaded)) {
    try {
      await plugin.prepare?.({
        config: spec.options[plugin.name] ?? {},
        run: spec.run,
        log: (message) => notices.log(message),
        progress: (fraction, message) => notices.progress(message, fraction),
        signal,
      });
    } catch (error) {
      if (signal.aborted || error instanceof ConfigError) throw error;
      const message = `Plugin "${plugin.name}" failed in "prepare": ${messageOf(error)}`;
      throw new Error(message, { cause: error });
    }
  }
}
