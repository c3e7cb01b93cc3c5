/** Checks whole runs: tensors are disposed, no hook is muted, and errors are reported well. */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../backend/mod.ts";
import type { RunEvent } from "../../events.ts";
import { HOOK_KINDS, type HookName, type Plugin, PluginError } from "../../plugin/mod.ts";
import { messageOf } from "../../text.ts";
import type { Workbench } from "../workbench.ts";
import { check, type PluginCheck } from "../check.ts";

export function lifeChecks(bench: Workbench): PluginCheck[] {
  return [
    {
      name: "trains from the first to the last image, and leaves no tensor",
      run: () => runsToEnd(bench),
    },
    { name: "an error names the plugin and its hook", run: () => reportsErrors(bench) },
  ];
}

/** The log's warnings. */
function warnings(events: readonly RunEvent[]): { code: string; message: string }[] {
  return events.flatMap((event) =>
    event.type === "log" && event.line.level === "warning"
      ? [{ code: event.line.code ?? "", message: event.line.message }]
      : []
  );
}

/** The first warning about a hook that failed. */
const mutedHookWarning = (events: readonly RunEvent[]) =>
  warnings(events).find(({ code }) => code.startsWith("plugin-muted"));

async function runsToEnd(bench: Workbench): Promise<void> {
  const backend = await selectBackend({ name: "cpu" });
  const trainOnce = async () => {
    const training = bench.training(backend);
    try {
      const events = await bench.live(training);
      const muted = mutedHookWarning(events);
      check(!muted, muted?.message ?? "");
      const end = events.at(-1);
      check(end?.type === "end" && end.status === "finished", "expected the run to finish");
    } finally {
      training.dispose();
    }
  };
  await trainOnce(); // creates helper tensors that are kept permanently, e.g. filters
  const before = tf.memory().numTensors;
  await trainOnce();
  const left = tf.memory().numTensors - before;
  check(
    left === 0,
    `expected a run to dispose its tensors, received ${left} more than before. Wrap tensor ` +
      `code outside of ` +
      `loss terms in tf.tidy()`,
  );
}

/** Hooks that a run of a single resolution never calls. */
const GROWING: readonly HookName[] = ["grow", "fade", "stabilize"];

async function reportsErrors(bench: Workbench): Promise<void> {
  const backend = await selectBackend({ name: "cpu" });
  const { plugin } = bench;
  for (const hook of Object.keys(plugin.hooks) as HookName[]) {
    if (!bench.grows && GROWING.includes(hook)) continue;
    const thrown = new Error("thrown by the test");
    const broken: Plugin = {
      ...plugin,
      hooks: {
        ...plugin.hooks,
        [hook]() {
          throw thrown;
        },
      },
    };
    const told = await messageOfRun(bench, broken, backend);
    check(
      told !== undefined,
      `expected the hook "${hook}" to be called in a run, received no call`,
    );
    const { error, message } = told;
    for (const part of [`"${plugin.name}"`, `"${hook}"`, thrown.message]) {
      check(message.includes(part), `expected an error in "${hook}" to tell ${part}: ${message}`);
    }
    if (HOOK_KINDS[hook] === "observe") continue;
    check(error instanceof PluginError, `expected a PluginError of "${hook}", received ${error}`);
    check(error.cause === thrown, `expected the error of "${hook}" to keep its cause`);
  }
}

async function messageOfRun(
  bench: Workbench,
  broken: Plugin,
  backend: Awaited<ReturnType<typeof selectBackend>>,
): Promise<{ message: string; error?: unknown } | undefined> {
  const variables = new Set(Object.values(tf.engine().registeredVariables));
  let training: ReturnType<Workbench["training"]> | undefined;
  try {
    training = bench.training(backend, { replaced: broken });
    return mutedHookWarning(await bench.live(training));
  } catch (error) {
    return { message: messageOf(error), error };
  } finally {
    training?.dispose();
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (!variables.has(variable)) variable.dispose(); // of a training that could not be made
    }
  }
}
