import assert from "node:assert/strict";
import type { Plugin } from "../../plugin/mod.ts";
import { loadPlugins } from "../plugins/load_plugins.ts";
import { decidingConfig, flatConfig, withYoungerOptions } from "./deciding_config.ts";
import { newSpec } from "./new_spec.ts";
import { presetOf, resolveOptions } from "./resolve_options.ts";
import type { RunSpec } from "./run_spec.ts";

/** A specification with what these functions read. */
function specWith(channels: number, imageChannels: 1 | 3): RunSpec {
  const spec = {
    run: { gamma: 2, images: 100 },
    options: { sr: { channels } },
    data: { source: "a", fit: "cover", background: "#fff", channels: imageChannels, heldOut: 0.05 },
    machine: { backend: "auto", threads: 0 },
  };
  return spec as unknown as RunSpec; // the rest is not read
}

Deno.test("a plugin's option and the data's own of the same name are told apart", () => {
  const { channels, imageChannels } = flatConfig(specWith(24, 3));
  assert.deepEqual([channels, imageChannels], [24, 3]);
  assert.notDeepEqual(decidingConfig(specWith(24, 3), []), decidingConfig(specWith(32, 3), []));
  assert.notDeepEqual(decidingConfig(specWith(24, 3), []), decidingConfig(specWith(24, 1), []));
});

Deno.test("decidingConfig() leaves out what changes no result", () => {
  const deciding = decidingConfig(specWith(24, 3), []);
  assert.deepEqual(["images", "source", "backend", "threads"].filter((key) => key in deciding), []);
});

Deno.test("decidingConfig() keeps what is measured where a plugin goes by it", () => {
  const spec = specWith(24, 3);
  Object.assign(spec.run, { metricsEvery: 10, metricsSplit: "train" });
  const plugin = { hooks: { measured() {} } } as unknown as Plugin; // no more of it is read
  assert.equal("metricsEvery" in decidingConfig(spec, []), false);
  assert.equal(decidingConfig(spec, [{ plugin }]).metricsEvery, 10);
});

Deno.test("a checkpoint's schedule is compared as it is spelled today", () => {
  const { sched } = withYoungerOptions({ sched: ["8:16:0.01:4k:6k", "4:16:0.01::2k"] }, []);
  assert.deepEqual(sched, ["4:16:0.01::2000", "8:16:0.01:4000:6000"]);
});

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

Deno.test("a new preset changes the options of a run that it begins from, but for its start", () => {
  const request = { values: { gamma: 3 }, data: {}, machine: {} };
  const values = { channels: 12, blocks: 3, pixelWeight: 7, startResolution: 64, firstBlock: 32 };
  const file = { from: "another run", values, run: { preset: "photo" }, isSource: true } as const;
  const resolved = (preset: string) => {
    const { run, options } = newSpec(loaded, request, { preset, file });
    const { startResolution, firstBlock, gamma } = run,
      { adversarialWeight } = options["progan-sr"]!;
    const { channels, pixelWeight } = options["progan-sr"]!;
    return [startResolution, firstBlock, gamma, channels, pixelWeight, adversarialWeight];
  };
  assert.deepEqual(resolved("photo"), [64, 32, 3, 12, 7, 0], "the run's own preset: as it was");
  const { pixelWeight, adversarialWeight } = loaded.model.plugin.presets!["photo-gan"]!.values;
  assert.deepEqual(resolved("photo-gan"), [64, 32, 3, 32, pixelWeight, adversarialWeight]);
});
