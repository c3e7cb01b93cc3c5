import assert from "node:assert/strict";
import { loadPlugins } from "../plugins/load_plugins.ts";
import { newSpec, type SpecFile } from "./new_spec.ts";
import { optionsOfRecord } from "./options_of_record.ts";
import { resolveOptions } from "./resolve_options.ts";

const trained = await loadPlugins(["dcgan", "ada"]);

/** The record of a source run. */
function recordOf(changed: Record<string, unknown> = {}): SpecFile {
  const { run, options } = resolveOptions(trained, {
    preset: undefined,
    file: undefined,
    flags: {},
  });
  return {
    from: "the options of 00000-dcgan-emoji",
    values: { ...run, ...Object.assign({}, ...Object.values(options)), ...changed },
    run: { plugins: ["dcgan", "ada"].map((name) => ({ name, specifier: name })), options },
  };
}

Deno.test("a new run leaves out an add-on of the run whose options it has", async () => {
  const loaded = await loadPlugins(["dcgan"]);
  const { options, plugins } = newSpec(loaded, { values: {}, data: {}, machine: {} }, {
    file: recordOf(),
  });
  assert.deepEqual([Object.keys(options), plugins.length], [["dcgan"], 1]);
  assert.equal("adaTarget" in optionsOfRecord(recordOf(), loaded), false);
  assert.equal("adaTarget" in optionsOfRecord(recordOf(), trained), true);
  assert.equal(optionsOfRecord(recordOf({ adaTargett: 1 }), loaded).adaTargett, 1, "to be refused");
});

Deno.test("another model that lacks the record's options is refused by its name", async () => {
  const loaded = await loadPlugins(["sketch"]);
  assert.throws(() => optionsOfRecord(recordOf(), loaded), {
    name: "RunError",
    message:
      /^Cannot use the options of 00000-dcgan-emoji with --plugin sketch: expected the model dcgan, .* received one without ".+"( and \d+ more of them)?\. Leave --plugin out/,
  });
});
