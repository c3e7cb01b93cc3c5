import { strict as assert } from "node:assert";
import { resolveConfig, runSchema } from "../../../core/config/mod.ts";
import { PLUGINS } from "../../../plugins/registry.ts";
import { CASES } from "./cases.ts";

for (const one of CASES) {
  Deno.test(
    `the case ${one.name} names a shipped plugin, options that it knows and a script ` +
      `that is there`,
    async () => {
      const { default: plugin } = await PLUGINS[one.plugin]!();
      assert.ok(one.resolutions.length > 0);
      for (const resolution of one.resolutions) {
        const [run] = resolveConfig([runSchema, plugin.config], [
          {
            from: "the preset",
            values: plugin.presets?.[plugin.defaultPreset ?? ""]?.values ?? {},
          },
          { from: "the benchmark", values: { ...one.values, resolution } },
        ]);
        assert.equal(run.resolution, resolution);
      }
      const script = new URL(`../../../plugins/${one.script}`, import.meta.url);
      // peer.py then answers requests for steps
      assert.match(await Deno.readTextFile(script), /^serve\(/m);
    },
  );
}

Deno.test(
  "the case of ProGAN-SR compares a step with VGG-19's term, on weights that come with " +
    "the project",
  async () => {
    const { values, plugin, resolutions } = CASES.find((one) => one.plugin === "progan-sr")!;
    const { default: sr } = await PLUGINS[plugin]!();
    const [, config] = resolveConfig([runSchema, sr.config], [
      { from: "the preset", values: sr.presets![sr.defaultPreset!]!.values },
      { from: "the benchmark", values },
    ]);
    assert.notEqual(config.perceptual, "none");
    assert.ok(resolutions.every((resolution) => resolution >= Number(config.perceptualFrom)));
    assert.ok((await Deno.stat(String(config.vggWeights))).isFile);
  },
);

Deno.test("no StyleGAN is compared with pairs, which PyTorch's step has not", async () => {
  const { default: plugin } = await PLUGINS.stylegan!();
  for (const { plugin: name, values } of CASES) {
    if (name !== "stylegan") continue;
    const [, config] = resolveConfig([runSchema, plugin.config], [
      { from: "the preset", values: plugin.presets![plugin.defaultPreset!]!.values },
      { from: "the benchmark", values },
    ]);
    assert.equal(config.pairWeight, 0);
  }
});
