import assert from "node:assert/strict";
import { loadPlugins } from "./load_plugin.ts";
import { flatConfig, presetOf, resolveOptions, type RunSpec } from "./run_spec.ts";

const loaded = await loadPlugins(["progan-sr"]);

function specOf(preset: string | undefined, flags: Record<string, unknown>): RunSpec {
  return {
    version: "0",
    plugins: [{ name: "progan-sr", specifier: "progan-sr" }],
    ...resolveOptions(loaded, { preset, file: undefined, flags }),
    data: { fit: "cover", background: "#fff", channels: 3, heldOut: 0.05 },
    machine: { backend: "auto", threads: 0 },
  };
}

Deno.test("presetOf() differs from a run's configuration in exactly what was changed", () => {
  const spec = specOf("distortion", { gamma: 7, criticMax: 48 });
  const preset = presetOf(spec, loaded)!;
  assert.equal(preset.name, "distortion");
  const mine = flatConfig(spec);
  assert.deepEqual(Object.keys(preset.config), Object.keys(mine));
  const changed = Object.keys(mine).filter((key) =>
    JSON.stringify(mine[key]) !== JSON.stringify(preset.config[key])
  );
  assert.deepEqual(changed.sort(), ["criticMax", "gamma"]);
  assert.equal(preset.config.gamma, 1);
});

Deno.test("presetOf() is undefined for a preset that the plugin no longer has", () => {
  assert.equal(presetOf({ ...specOf("seed", {}), preset: "gone" }, loaded), undefined);
});
