import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import cambium from "../../deno.json" with { type: "json" };

const folder = new URL("./fixtures/", import.meta.url);

/** Fixtures without a mistake. */
const RIGHT = ["correct.ts", "typed_model.ts"];

/** What `deno check` must report for each fixture: the place and the message. */
const EXPECTED: Record<string, RegExp> = {
  "async_fade.ts": /Promise<void>' is not assignable to type 'Nothing'/,
  "async_transform.ts": /=> Promise<.*is not assignable/,
  "build_in_hooks.ts": /'build' does not exist in type 'Hooks</,
  "frozen_config.ts": /Cannot assign to 'strength' because it is a read-only property/,
  "misspelt_hook.ts": /'grwo' does not exist in type 'Hooks</,
  "term_not_scalar.ts": /value: \(\) => number; }\[\]' is not assignable/,
  "unknown_command_option.ts": /'cuont' does not exist.*Did you mean 'count'/,
  "unknown_config.ts": /'strenght' does not exist.*Did you mean 'strength'/,
  "unknown_kind.ts": /'"addon"' is not assignable.*Did you mean '"add-on"'/,
  "unknown_model.ts": /'extent' does not exist.*Did you mean 'extend'/,
  "unknown_panel.ts": /'"repaets"' is not assignable to parameter of type '"repeats"'/,
  "unknown_run_option.ts": /'metricEvery' does not exist.*Did you mean 'metricsEvery'/,
  "unknown_state.ts": /'counter' does not exist.*Did you mean 'count'/,
  "unknown_tensor.ts": /'undefined' is not assignable/,
  "unknown_test_value.ts": /'strenght' does not exist.*Did you mean to write 'strength'/,
  "unplain_state.ts": /Map<string, number>; }' is not assignable to type '\(\) => PluginState'/,
  "wrong_config_type.ts": /'toUpperCase' does not exist on type 'number'/,
  "wrong_control_value.ts": /'number' is not assignable to type .*Float32Array/,
  "wrong_panel_data.ts": /'string' is not assignable to parameter of type 'readonly PanelBar/,
  "wrong_rank.ts": /is not assignable to type .*Tensor2D/,
  "wrong_return.ts": /=> { strength: string; }' is not assignable/,
  "wrong_term.ts": /of: "critic".*is not assignable/,
};

Deno.test(
  "deno check refuses each wrong plugin for its one mistake, and takes the right " +
    "ones",
  async () => {
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(files, [...RIGHT, ...Object.keys(EXPECTED)].sort());
    // Cambium's own configuration excludes the fixtures, or its check would fail.
    const config = await Deno.makeTempFile({ suffix: ".json" });
    const { nodeModulesDir, unstable, compilerOptions } = cambium;
    const importMap = fileURLToPath(new URL("../../deno.json", import.meta.url));
    await Deno.writeTextFile(
      config,
      JSON.stringify({ nodeModulesDir, unstable, compilerOptions, lock: false }),
    );
    const paths = files.map((name) => fileURLToPath(new URL(name, folder)));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", config, "--import-map", importMap, ...paths],
      env: { NO_COLOR: "1" },
    }).output();
    await Deno.remove(config);
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 1, text);
    // before the first error: the names of the checked files
    const errors = text.split(/^(?=TS\d+ )/m).slice(1);
    assert.equal(errors.length, Object.keys(EXPECTED).length, text);
    for (const [name, message] of Object.entries(EXPECTED)) {
      const own = errors.filter((error) => error.includes(`fixtures/${name}:`));
      assert.equal(own.length, 1, `one error in ${name}, received:\n${own.join("\n") || text}`);
      assert.match(own[0]!, new RegExp(message, "s"), name);
    }
  },
);
