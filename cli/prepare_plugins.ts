/** Lets plugins fetch what their hooks will read, before anything is built. */
import { inOrder, type RunPlugins } from "../core/mod.ts";
import type { RunSpec } from "./run_spec.ts";
import type { Status } from "./terminal/status.ts";

/** Calls each plugin's `prepare`, the model's first. */
export async function preparePlugins(
  spec: Pick<RunSpec, "run" | "options">,
  loaded: RunPlugins,
  status: Status,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const { plugin } of inOrder(loaded)) {
    await plugin.prepare?.({
      config: spec.options[plugin.name] ?? {},
      run: spec.run,
      log: (message) => status.say(message),
      progress: (fraction, message) => status.update(message, fraction),
      signal,
    });
  }
}
