import assert from "node:assert/strict";
import { join } from "node:path";
import { loadPlugin, loadPlugins } from "./load_plugin.ts";

const CODE = `definePlugin({
  name: "mine", description: "", kind: "add-on", config: object({}), hooks: { advance: () => false },
});`;
const IMPORTING = `import { definePlugin, object } from "cambium";\nexport default ${CODE}`;
const GIVEN = `export default ({ definePlugin, object }) => ${CODE}`;

async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [how, code] of [["imports cambium", IMPORTING], ["is given cambium", GIVEN]] as const) {
  Deno.test(`a file that ${how} is a plugin, with its URL as the specifier to keep`, () =>
    inFolder(async (folder) => {
      const path = join(folder, "mine.js");
      await Deno.writeTextFile(path, code);
      const { plugin, specifier } = await loadPlugin(path);
      assert.equal(plugin.name, "mine");
      assert.match(specifier, /^file:.*mine\.js$/);
      assert.equal((await loadPlugin(specifier)).plugin.name, "mine");
    }));
}

Deno.test("a plugin on the web may import cambium, too", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(IMPORTING, { headers: { "content-type": "text/javascript" } }),
  );
  try {
    const url = `http://127.0.0.1:${server.addr.port}/mine.js`;
    const { plugin, specifier } = await loadPlugin(url);
    assert.deepEqual([plugin.name, specifier], ["mine", url]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("loadPlugin() says what is wrong with a name, a path or an export", () =>
  inFolder(async (folder) => {
    await assert.rejects(loadPlugin("stylgan"), /Did you mean "stylegan"\?/);
    await assert.rejects(loadPlugin(join(folder, "none.ts")), /Cannot load plugin ".*none\.ts"/);
    const path = join(folder, "number.js");
    await Deno.writeTextFile(path, "export default 3");
    await assert.rejects(loadPlugin(path), /definePlugin\(\{ … \}\).*received number/);
  }));

Deno.test("loadPlugins() puts the model first, wants exactly one, and each plugin once", async () => {
  const names = (await loadPlugins(["diversity", "dcgan", "ada"])).map(({ plugin }) => plugin.name);
  assert.deepEqual(names, ["dcgan", "diversity", "ada"]);
  await assert.rejects(loadPlugins(["ada"]), /exactly one --plugin that is a model, received none/);
  await assert.rejects(loadPlugins(["dcgan", "stylegan"]), /received dcgan and stylegan/);
  await assert.rejects(loadPlugins(["dcgan", "ada", "ada"]), /received "ada" twice/);
});
