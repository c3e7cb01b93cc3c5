/** Lets plugins fetch what their hooks will read, before anything is built. */
import { inOrder, type RunPlugins } from "../../plugin/mod.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import type { Notices } from "../notices.ts";

/** Calls each plugin's `prepare`, the model's first. */
export async function preparePlugins(
  spec: Pick<RunSpec, "run" | "options">,
  loaded: RunPlugins,
  notices: Notices,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const { plugin } of inOrder(loaded)) {
    await plugin.prepare?.({
      config: spec.options[plugin.name] ?? {},
      run: spec.run,
      log: (message) => notices.log(message),
      progress: (fraction, message) => notices.progress(message, fraction),
      signal,
    });
  }
}
