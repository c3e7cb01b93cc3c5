import assert from "node:assert/strict";
import * as v from "valibot";
import { ConfigError, object, runSchema } from "../../config/mod.ts";
import { definePlugin, type Plugin, type RunPlugins } from "../../plugin/mod.ts";
import { keptNotices } from "../notices.ts";
import { preparePlugins } from "./prepare_plugins.ts";

/** One plugin whose `prepare` fails. */
function failing(error: unknown): RunPlugins {
  const plugin = definePlugin({
    name: "fetches",
    description: "",
    kind: "add-on",
    config: object({}),
    prepare: () => Promise.reject(error),
    hooks: {},
  }) as Plugin;
  return { model: { plugin, specifier: "./fetches.ts" }, addOns: [] };
}

const spec = { run: v.getDefaults(runSchema), options: {} };

Deno.test("an error of prepare() names its plugin and keeps its cause", async () => {
  const error = new TypeError("no network");
  await assert.rejects(preparePlugins(spec, failing(error), keptNotices()), {
    message: 'Plugin "fetches" failed in "prepare": no network',
    cause: error,
  });
});

Deno.test("what prepare() says of options, and Ctrl-C, are passed on as they are", async () => {
  const wrong = new ConfigError("Cannot use --best: expected --metrics-every");
  await assert.rejects(preparePlugins(spec, failing(wrong), keptNotices()), wrong);
  const signal = AbortSignal.abort(new Error("Ctrl-C"));
  await assert.rejects(
    preparePlugins(spec, failing(signal.reason), keptNotices(), signal),
    signal.reason,
  );
});
