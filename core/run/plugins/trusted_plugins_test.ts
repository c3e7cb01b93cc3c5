import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withFolder } from "../../testing/with_folder.ts";
import { openRun } from "../open_run.ts";
import { resumeRun } from "../resume_run.ts";
import { loadPlugin } from "./load_plugin.ts";
import { pluginDigest } from "./plugin_digest.ts";
import { expectTrusted, type UntrustedPlugin, UntrustedPluginError } from "./trusted_plugins.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A plugin that leaves a trace when it runs, and its URL. */
async function hostile(folder: string): Promise<{ url: string; ran: () => Promise<boolean> }> {
  const path = join(folder, "hostile.js"), mark = join(folder, "ran");
  await Deno.writeTextFile(
    path,
    `Deno.writeTextFileSync(${JSON.stringify(mark)}, "");\nexport default 3;`,
  );
  return {
    url: pathToFileURL(path).href,
    ran: () => Deno.stat(mark).then(() => true, () => false),
  };
}

/** Writes a run folder from someone else, whose configuration names a plugin. */
async function sentRun(folder: string, specifier: string): Promise<void> {
  const place = join(folder, "runs", "00000-nice-cats");
  await Deno.mkdir(place, { recursive: true });
  await Deno.writeTextFile(
    join(place, "config.json"),
    JSON.stringify({
      version: "0.1.0",
      plugins: [{ name: "nice", specifier }],
      preset: null,
      run: {},
      options: {},
      data: { fit: "cover", background: "#ffffff", channels: 3, heldOut: 0 },
      machine: { backend: "cpu", threads: 1 },
      dataset: {
        kind: "images",
        name: "cats",
        digest: "0",
        count: 1,
        heldOutCount: 0,
        channels: 3,
        maxResolution: 8,
        labels: [],
      },
    }),
  );
}

Deno.test(
  "a run folder's plugin does not run when a program opens or resumes the run, unless " +
    "it says that it trusts it",
  () =>
    withFolder(async (folder) => {
      const { url, ran } = await hostile(folder), runs = join(folder, "runs");
      await sentRun(folder, url);
      for (const open of [openRun, resumeRun]) {
        await assert.rejects(open({ runs }), (error: Error) => {
          assert.ok(error instanceof UntrustedPluginError);
          assert.match(error.message, /hostile\.js.*00000-nice-cats.config\.json names a plugin/);
          return true;
        });
      }
      assert.equal(await ran(), false);
      await assert.rejects(openRun({ runs, trust: true }), /default export to be definePlugin/);
      assert.equal(await ran(), true);
    }),
);

Deno.test(
  "a plugin's code is asked for once, by its digest, and again when a file that it " +
    "imports changes",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "mine.js"), part = join(folder, "part.js");
      await Deno.writeTextFile(path, `import "./part.js";\nexport default 3;`);
      await Deno.writeTextFile(part, "1;");
      const specifier = pathToFileURL(path).href, asked: UntrustedPlugin[] = [];
      const load = (answer: boolean) =>
        expectTrusted({ specifier, from: "config.json" }, (plugin) => {
          asked.push(plugin);
          return answer;
        });
      await assert.rejects(load(false), /no answer that it is.*SHA-256 [0-9a-f]{64} of 2 files/);
      await load(true);
      await load(false); // not asked
      await Deno.writeTextFile(part, "2;");
      await assert.rejects(load(false), /not the code that was trusted before/);
      assert.deepEqual(asked.map(({ changed }) => changed), [false, false, true]);
      assert.equal(asked[0]!.sha256, asked[1]!.sha256);
      assert.notEqual(asked[1]!.sha256, asked[2]!.sha256);
      await Deno.writeTextFile(part, "1;");
      // what was trusted is there again
      await expectTrusted({ specifier, from: "config.json" }, false);
    }),
);

Deno.test(
  "the same code at another place is another plugin: what it reads beside itself may " +
    "differ",
  () =>
    withFolder(async (folder) => {
      const [one, other] = [join(folder, "one.js"), join(folder, "other.js")];
      for (const path of [one, other]) await Deno.writeTextFile(path, "export default 3;");
      const trusted = (path: string, trust: boolean) =>
        expectTrusted({ specifier: pathToFileURL(path).href, from: "config.json" }, trust);
      await trusted(one, true);
      await assert.rejects(trusted(other, false), UntrustedPluginError);
    }),
);

Deno.test("answers that are given at once are all remembered", () =>
  withFolder(async (folder) => {
    const paths = Array.from({ length: 8 }, (_, i) => join(folder, `${i}.js`));
    for (const path of paths) await Deno.writeTextFile(path, "export default 3;");
    const trusted = (path: string, trust: boolean) =>
      expectTrusted({ specifier: pathToFileURL(path).href, from: "config.json" }, trust);
    await Promise.all(paths.map((path) => trusted(path, true)));
    for (const path of paths) await trusted(path, false); // not asked
  }));

Deno.test("what the user types runs, and goes on unasked when a run names it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "mine.js");
    await Deno.writeTextFile(
      path,
      `import { definePlugin, object } from "cambium";
       export default definePlugin({ name: "mine", description: "", kind: "add-on", config: object({}), hooks: {} });`,
    );
    const { specifier } = await loadPlugin(path);
    await loadPlugin(specifier, { from: "config.json" });
    await Deno.writeTextFile(path, await Deno.readTextFile(path) + "\n");
    await assert.rejects(loadPlugin(specifier, { from: "config.json" }), UntrustedPluginError);
  }));

Deno.test(
  "plugins that ship are loaded whoever names them, and names of every object are no " +
    "plugins",
  async () => {
    assert.equal((await loadPlugin("ada", { from: "config.json" })).plugin.name, "ada");
    await assert.rejects(loadPlugin("constructor"), /Cannot find plugin "constructor"/);
  },
);

Deno.test("a digest of one file is the file's own, and one behind a URL must be met", () =>
  withFolder(async (folder) => {
    const { url, ran } = await hostile(folder), text = await Deno.readTextFile(new URL(url));
    assert.deepEqual(await pluginDigest(url), { sha256: sha256(text), files: 1 });
    const wrong = sha256("another");
    await assert.rejects(
      loadPlugin(`${url}#sha256=${wrong}`),
      new RegExp(`${wrong}, received ${sha256(text)}`),
    );
    await assert.rejects(loadPlugin(`${url}#sha256=12`), /expected 64 hexadecimal digits/);
    // A digest that the file itself gives counts for nothing.
    const named = `${url}#sha256=${sha256(text)}`;
    await assert.rejects(loadPlugin(named, { from: "config.json" }), UntrustedPluginError);
    assert.equal(await ran(), false);
    await assert.rejects(loadPlugin(named), /default export to be definePlugin/);
    assert.equal(await ran(), true);
  }));

Deno.test(
  "a plugin over http: is asked for though the user typed it, or held against the " +
    "digest that they typed",
  async () => {
    const code = "export default 3;";
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response(code, { headers: { "content-type": "text/javascript" } }),
    );
    const url = `http://127.0.0.1:${server.addr.port}/${crypto.randomUUID()}.js`;
    await assert.rejects(loadPlugin(url), UntrustedPluginError);
    await assert.rejects(loadPlugin(`${url}#sha256=${sha256("other")}`), /received [0-9a-f]{64}$/);
    assert.deepEqual(await pluginDigest(url), { sha256: sha256(code), files: 1 });
  },
);
