import assert from "node:assert/strict";
import { planOf, resolveConfig, type RunConfig, runSchema } from "../../core/config/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { channelsAt, proganSchema } from "./config.ts";
import plugin from "./mod.ts";

testPlugin(plugin, {
  values: { latentSize: 4, channelBase: 64, channelMax: 6, channelMin: 4 },
  score: (model, images, alpha) => model.score(images, alpha),
});

Deno.test(
  "the preset fades and stabilizes for as many epochs, from 8 to 64 px, with " +
    "WGAN-GP",
  () => {
    const [run, config] = resolveConfig([runSchema, proganSchema], [
      { from: "preset small", values: plugin.presets!.small!.values },
    ]);
    const plan = planOf(run as unknown as RunConfig, 100);
    assert.deepEqual(
      plan.map((r) => [r.resolution, r.fadeImages, r.stabilizeImages]),
      [[8, 0, 800], [16, 800, 800], [32, 800, 800], [64, 800, 800]],
    );
    assert.deepEqual([run.loss, run.penalty, run.lambda], ["wgan", "wgan_gp", 10]);
    assert.deepEqual([4, 16, 64].map((r) => channelsAt(config, r)), [128, 64, 16]);
  },
);
