/** Whether what plugins keep can be written into a checkpoint. */
import { canonicalJson } from "../checkpoint/mod.ts";
import { inOrder, PluginError, type RunPlugins, type TrainedPlugin } from "../plugin/mod.ts";

/**
 * Asked early, since a state that no checkpoint can hold is a run whose training is lost.
 * @throws PluginError where a plugin's state is no object of plain data and finite numbers
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

/** A checkpoint's fields are put into the object that hooks were given. */
function expectFields(state: unknown): void {
  if (typeof state === "object" && state !== null && !Array.isArray(state)) return;
  throw new TypeError(
    `Cannot store state: expected an object of fields, as in state: () => ({ count: 0 }), ` +
      `received ${JSON.stringify(state)}`,
  );
}
