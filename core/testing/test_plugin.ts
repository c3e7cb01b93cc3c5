/** The conformance test of plugins. All shipped plugins pass it, and so should yours. */
import type { ConfigSchema } from "../config/mod.ts";
import type { DataKind } from "../data.ts";
import type { Model, Panels, Plugin, PluginState } from "../plugin/mod.ts";
import { asPlugin, createWorkbench, type Workbench } from "./workbench.ts";
import type { PluginCheck, PluginTestOptions, PluginTestOptionsOf } from "./check.ts";
import { checkpointChecks } from "./checks/checkpoint.ts";
import { growthChecks } from "./checks/growth.ts";
import { lifeChecks } from "./checks/life.ts";
import { stepChecks } from "./checks/steps.ts";
import { AS_WORKER, trainAsWorker, trainsWithWorkers, workerOrder } from "./checks/workers.ts";

/**
 * Registers a `Deno.test` for each of {@linkcode pluginChecks}, and another that compares the
 * losses and gradients of two worker processes, which run this test file again, with those of one
 * process. If that is not possible, the test says so: only TensorFlow supports workers.
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
    (t) => trainsWithWorkers(bench, { file: t.origin, index }, (part, fn) => t.step(part, fn)),
  );
}

/** Number of {@linkcode testPlugin} calls in this test file, by which workers find theirs. */
let calls = 0;

/**
 * Returns the checks, for another test runner.
 *
 * For a model: it builds and draws at every resolution, keeps its function when it grows (the new
 * picture at alpha 0 is the old one, enlarged by nearest neighbour or bilinear interpolation),
 * changes continuously with alpha and keeps its function when the fade-in ends; the losses of every
 * phase are finite and give each weight a gradient. For every plugin: the recorded step equals the
 * eager one, a run from the first to the last image leaves no tensor behind and mutes no hook, a
 * resumed run continues exactly, and an error names the plugin and its hook.
 * @throws ConfigError if `values` contains an unknown or invalid option
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
  // these options are of this plugin
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
