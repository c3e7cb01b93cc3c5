/** The conformance test of plugins: every shipped one passes it, and so should yours. */
import type { ConfigSchema } from "../config/mod.ts";
import type { DataKind } from "../data.ts";
import type { Model, Panels, Plugin, PluginState } from "../plugin/mod.ts";
import { asPlugin, createWorkbench, type Workbench } from "./workbench.ts";
import type { PluginCheck, PluginTestOptions, PluginTestOptionsOf } from "./check.ts";
import { checkpointChecks } from "./checks/checkpoint.ts";
import { growthChecks } from "./checks/growth.ts";
import { lifeChecks } from "./checks/life.ts";
import { stepChecks } from "./checks/steps.ts";
import { AS_WORKER, sharesOut, trainAsWorker, workerOrder } from "./checks/workers.ts";

/**
 * Registers a `Deno.test` for each of {@linkcode pluginChecks}, and one more: two worker processes,
 * which run this test file again, come to the losses and gradients of one process. It says so where
 * it can't be made: only TensorFlow has workers.
 *
 * @example The whole test file of a plugin
 * ```ts ignore
 * import { testPlugin } from "cambium/testing";
 * import plugin from "./mod.ts";
 *
 * testPlugin(plugin, { values: { channels: 4 } });
 * ```
 */
export function testPlugin<
  const S extends ConfigSchema,
  State extends PluginState,
  P extends Panels,
  M extends Model,
  D extends DataKind,
>(
  plugin: Plugin<S, State, P, M, D>,
  options: PluginTestOptionsOf<S, NoInfer<M>> = {},
): void {
  const index = calls++, order = workerOrder();
  const bench = createWorkbench(asPlugin(plugin), options as PluginTestOptions); // of this plugin
  if (order) { // this process is a worker of the check below
    if (order.index === index) Deno.test(AS_WORKER, () => trainAsWorker(bench, order));
    return;
  }
  for (const { name, run } of checksOf(bench)) {
    Deno.test(`${plugin.name}: ${name}`, (t) => run((part, fn) => t.step(part, fn)));
  }
  Deno.test(
    `${plugin.name}: two workers train as one process does`,
    (t) => sharesOut(bench, { file: t.origin, index }, (part, fn) => t.step(part, fn)),
  );
}

/** Calls of {@linkcode testPlugin} in this test file: its workers find their own by it. */
let calls = 0;

/**
 * The checks, for another test runner.
 *
 * A model: builds and draws at every resolution, keeps its function when it grows (the new picture
 * at alpha 0 is the old one enlarged, by nearest neighbour or bilinear), moves continuously with
 * alpha and keeps its function when fading is over; the losses of every phase are finite and give
 * each weight a gradient. Every plugin: the recorded step equals the eager one, a run from the
 * first to the last image leaves no tensor behind and mutes no hook, a checkpoint continues as if
 * nothing had happened, and an error names the plugin and its hook.
 * @throws ConfigError where `values` names an unknown or wrong option
 */
export function pluginChecks<
  const S extends ConfigSchema,
  State extends PluginState,
  P extends Panels,
  M extends Model,
  D extends DataKind,
>(
  plugin: Plugin<S, State, P, M, D>,
  options: PluginTestOptionsOf<S, NoInfer<M>> = {},
): PluginCheck[] {
  // values of this plugin
  return checksOf(createWorkbench(asPlugin(plugin), options as PluginTestOptions));
}

function checksOf(bench: Workbench): PluginCheck[] {
  return [
    ...(bench.plugin.kind === "model" ? growthChecks(bench) : []),
    ...stepChecks(bench),
    ...lifeChecks(bench),
    ...checkpointChecks(bench),
  ];
}
