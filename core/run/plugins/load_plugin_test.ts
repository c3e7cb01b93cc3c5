import assert from "node:assert/strict";
import { object } from "../../config/mod.ts";
import { definePlugin, inOrder } from "../../plugin/mod.ts";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { loadPlugin } from "./load_plugin.ts";
import { loadPlugins } from "./load_plugins.ts";

const CODE = `definePlugin({
  name: "mine", description: "", kind: "add-on", config: object({}), hooks: { advance: () => false },
});`;
const IMPORTING = `import { definePlugin, object } from "cambium";\nexport default ${CODE}`;
const GIVEN = `export default ({ definePlugin, object }) => ${CODE}`;

for (const [how, code] of [["imports cambium", IMPORTING], ["is given cambium", GIVEN]] as const) {
  Deno.test(`a file that ${how} is a plugin, with its URL as the specifier to keep`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "mine.js");
      await Deno.writeTextFile(path, code);
      const { plugin, specifier } = await loadPlugin(path);
      assert.equal(plugin.name, "mine");
      assert.match(specifier, /^file:.*mine\.js$/);
      assert.equal((await loadPlugin(specifier)).plugin.name, "mine");
    }));
}

Deno.test("loadPlugin() says what is wrong with a name, a path or an export", () =>
  withFolder(async (folder) => {
    await assert.rejects(loadPlugin("stylgan"), /Did you mean "stylegan"\?/);
    const none = /Cannot load plugin ".*none\.ts": expected a file, received none at .*none\.ts$/;
    await assert.rejects(loadPlugin(join(folder, "none.ts")), none);
    await assert.rejects(
      loadPlugin(folder + "/"),
      /received a folder\. Name .* e\.g\. .*[^/]\/mod\.ts$/,
    );
    const path = join(folder, "number.js");
    await Deno.writeTextFile(path, "export default 3");
    await assert.rejects(loadPlugin(path), /definePlugin\(\{ … \}\).*received number/);
    const late = join(folder, "late.js"), bare = join(folder, "bare.js");
    await Deno.writeTextFile(late, "export default async () => ({})");
    await assert.rejects(loadPlugin(late), /received one that returns a Promise: .* not be async/);
    await Deno.writeTextFile(bare, 'export default { name: "bare" }');
    await assert.rejects(loadPlugin(bare), /received an object without config, hooks/);
  }));

Deno.test("loadPlugin() tells an old plugin what to change, however it was made", () =>
  withFolder(async (folder) => {
    const old = `{
      name: "old", description: "", kind: "model", config: object({}),
      hooks: { build() {}, grow() {}, losses: () => [] },
    }`;
    const forms = {
      defined:
        `import { definePlugin, object } from "cambium"; export default definePlugin(${old});`,
      plain: `import { object } from "cambium"; export default ${old};`,
      given: `export default ({ definePlugin, object }) => definePlugin(${old});`,
    };
    for (const [form, code] of Object.entries(forms)) {
      const path = join(folder, `${form}.js`);
      await Deno.writeTextFile(path, code);
      await assert.rejects(
        loadPlugin(path),
        /Cannot define plugin "old": expected build\(context\) beside hooks.*Move it out: definePlugin/,
        form,
      );
    }
  }));

Deno.test(
  "loadPlugin() tells of packages that are no plugins: without a default export, or a " +
    "function of another kind",
  async () => {
    // Two that Cambium itself uses, so that nothing is fetched.
    await assert.rejects(
      loadPlugin("npm:fflate@0.8.3"),
      /Cannot use plugin "npm:fflate@0\.8\.3": expected its default export to be definePlugin.*received none/,
    );
    await assert.rejects(
      loadPlugin("npm:svgpath@2.6.0"),
      /received one that returns an object without name/,
    );
    await assert.rejects(
      loadPlugin("npm:sharp@0.35.5"),
      /received one that fails when it is given/,
    );
  },
);

Deno.test(
  "loadPlugins() puts the model first, wants exactly one, and each plugin " +
    "once",
  async () => {
    const names = inOrder(await loadPlugins(["diversity", "dcgan", "ada"])).map(({ plugin }) =>
      plugin.name
    );
    assert.deepEqual(names, ["dcgan", "diversity", "ada"]);
    await assert.rejects(
      loadPlugins(["ada"]),
      /exactly one --plugin that is a model, received none/,
    );
    await assert.rejects(loadPlugins(["dcgan", "stylegan"]), /received dcgan and stylegan/);
    await assert.rejects(
      loadPlugins(["dcgan", "ada", "ada"]),
      /received "ada" twice\. Leave one out$/,
    );
    await withFolder(async (folder) => {
      const path = join(folder, "own.js");
      await Deno.writeTextFile(path, GIVEN.replace('"mine"', '"ada"'));
      await assert.rejects(
        loadPlugins(["dcgan", "ada", path]),
        /received "ada" twice: ada and file:.*own\.js\. Give one of the plugins another name/,
      );
    });
    const data = "sketches" as const, config = object({}), hooks = {};
    const pencil = definePlugin({
      name: "pencil",
      description: "",
      kind: "add-on",
      data,
      config,
      hooks,
    });
    const message = /learn from images as "dcgan" does, received "pencil", .* data: "sketches"/;
    await assert.rejects(loadPlugins(["dcgan", pencil]), message);
  },
);
