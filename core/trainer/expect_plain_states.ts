/** Checks that the plugins' states can be written to a checkpoint. */
import { canonicalJson } from "../checkpoint/mod.ts";
import { inOrder, PluginError, type RunPlugins, type TrainedPlugin } from "../plugin/mod.ts";

/**
 * Checked early: a state that can't be serialized would otherwise be noticed only when a checkpoint
 * fails, and the training since the last one would be lost.
 * @throws PluginError where a plugin's state is not an object of plain data and finite numbers
 */
export function expectPlainStates(plugins: RunPlugins<TrainedPlugin>): void {
  for (const { plugin, context } of inOrder(plugins)) {
    try {
      canonicalJson(context.state, "state");
      expectFields(context.state);
    } catch (error) {
      const { phase: { resolution }, imagesSeen } = context;
      throw new PluginError({ plugin: plugin.name, hook: "state", resolution, imagesSeen }, error);
    }
  }
}

/**
 * The state must be an object: restoring a checkpoint assigns its fields to the object that hooks
 * hold.
 */
function expectFields(state: unknown): void {
  if (typeof state === "object" && state !== null && !Array.isArray(state)) return;
  throw new TypeError(
    `Cannot store state: expected an object of fields, as in state: () => ({ count: 0 }), ` +
      `received ${JSON.stringify(state)}`,
  );
}
