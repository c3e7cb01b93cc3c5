/** Whether what plugins keep can be written into a checkpoint. */
import { canonicalJson } from "../checkpoint/mod.ts";
import { inOrder, PluginError, type RunPlugins, type TrainedPlugin } from "../plugin/mod.ts";

/**
 * Asked early, since a state that no checkpoint can hold is a run whose training is lost.
 * @throws PluginError where a plugin's state is not plain data of finite numbers
 */
export function expectPlainStates(plugins: RunPlugins<TrainedPlugin>): void {
  for (const { plugin, context } of inOrder(plugins)) {
    try {
      canonicalJson(context.state, "state");
    } catch (error) {
      const { phase: { resolution }, imagesSeen } = context;
      throw new PluginError({ plugin: plugin.name, hook: "state", resolution, imagesSeen }, error);
    }
  }
}
