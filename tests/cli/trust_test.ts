/**
 * Code that a run folder or a configuration brings: every command names it, and none runs it
 * without permission.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createEngine } from "../../cli/explorer/engine.ts";
import type { Backend } from "../../core/backend/mod.ts";
import { keptNotices } from "../../core/run/notices.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runCli } from "./cli_process.ts";

/** A run's record naming a plugin in its own folder, which leaves a file behind when it runs. */
async function sentRun(folder: string): Promise<{ run: string; ran: () => Promise<boolean> }> {
  const run = join(folder, "runs", "00000-nice-cats"), mark = join(folder, "ran");
  await Deno.mkdir(run, { recursive: true });
  const plugin = join(run, "plugin.js");
  await Deno.writeTextFile(
    plugin,
    `Deno.writeTextFileSync(${JSON.stringify(mark)}, "");\nexport default 3;`,
  );
  await Deno.writeTextFile(
    join(run, "config.json"),
    JSON.stringify({
      version: "0.1.0",
      plugins: [{ name: "sketch", specifier: pathToFileURL(plugin).href }],
      preset: null,
      run: {},
      options: {},
      data: { fit: "cover", background: "#ffffff", channels: 3, heldOut: 0 },
      machine: { backend: "cpu", threads: 1 },
      dataset: {
        ...{ kind: "images", name: "cats", digest: "0", count: 1, heldOutCount: 0 },
        ...{ channels: 3, maxResolution: 8, labels: [] },
      },
    }),
  );
  return { run, ran: () => Deno.stat(mark).then(() => true, () => false) };
}

Deno.test(
  "no command runs the plugin that a run folder or --config names: each names it, its " +
    "digest and what to type",
  () =>
    withFolder(async (folder) => {
      const { run, ran } = await sentRun(folder);
      const env = { CAMBIUM_CACHE: join(folder, "cache") };
      const commands = [
        ["train", "--resume"],
        ["train", "--config", join(run, "config.json")],
        ["sample", "--seeds", "0"],
        ["mix"],
        ["walk"],
        ["metrics", "--run", "0", "--json"],
        ["measure", "--run", "0"], // a command of sketch, on a run whose plugin has that name
      ];
      for (const words of commands) {
        const { code, stderr } = await runCli(words, folder, { env });
        const command = words.join(" ");
        assert.equal(code, 2, `${command}: ${stderr}`);
        assert.match(
          stderr,
          /plugin\.js.*config\.json names a plugin.*SHA-256 [0-9a-f]{64}/s,
          command,
        );
        assert.ok(stderr.trimEnd().endsWith(`deno task ${command} --trust`), stderr);
        assert.equal(await ran(), false, command);
      }
      const { stderr } = await runCli(["sample", "--trust"], folder, { env });
      assert.match(stderr, /default export to be definePlugin/);
      assert.equal(await ran(), true);
      await Deno.remove(join(folder, "ran"));
      await runCli(["walk"], folder, { env }); // trust is remembered
      assert.equal(await ran(), true);
    }),
);

Deno.test("Explore draws with no plugin that was not trusted before", () =>
  withFolder(async (folder) => {
    const { ran } = await sentRun(folder);
    const engine = createEngine({
      backend: { info: { library: "none", devices: [] } } as unknown as Backend, // never reached
      runs: join(folder, "runs"),
      notices: keptNotices(),
    });
    await assert.rejects(engine.open("0", 100), /plugin\.js.*expected it to be trusted/);
    assert.equal(await ran(), false);
  }));

Deno.test("the dashboard's process has no code that loads plugins", async () => {
  const root = new URL("../../", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      "--config",
      fileURLToPath(new URL("deno.json", root)),
      fileURLToPath(new URL("web/main.ts", root)),
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text.includes("core/run/store/"), "it reads what runs keep");
  for (const file of ["core/run/plugins/", "plugins/registry.ts"]) {
    assert.ok(!text.includes(file), file);
  }
});
